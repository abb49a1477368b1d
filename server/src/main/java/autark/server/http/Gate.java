package autark.server.http;

import java.util.Optional;

/// Knows callers by the keys that they bring.
@FunctionalInterface
public interface Gate {
    /// Who brings this key.
    ///
    /// @param key as the client sent it; empty if it sent none
    /// @throws ApiException of kind [ApiException.Kind#UNAUTHENTICATED] if no caller is known by it
    Caller admit(Optional<String> key);

    /// Everybody is somebody of this machine, and needs no key.
    static Gate open() {
        return key -> Caller.local();
    }
}
