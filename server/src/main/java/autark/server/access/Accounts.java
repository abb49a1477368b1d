package autark.server.access;

import autark.server.http.ApiException;
import autark.server.http.Caller;
import java.util.OptionalLong;

/// Keeps callers within what they may use, and the account of what they used.
@FunctionalInterface
public interface Accounts {
    /// Sets aside what an answer may cost.
    ///
    /// @param cancel ends the answer soon; called if the caller's key is revoked while it is
    ///   written
    /// @throws ApiException of kind [ApiException.Kind#LIMITED] if the caller has not as much left
    Charge reserve(Caller caller, Claim claim, Runnable cancel);

    /// Most tokens that an answer of this caller may have, all choices together; nothing if there
    /// is no such limit.
    default OptionalLong answerTokensMax(Caller caller) {
        return OptionalLong.empty();
    }

    /// Nothing is counted and nobody is limited.
    static Accounts unlimited() {
        return (caller, claim, cancel) -> receipt -> {};
    }
}
