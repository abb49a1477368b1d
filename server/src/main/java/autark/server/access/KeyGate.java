package autark.server.access;

import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.Gate;
import java.time.Clock;
import java.util.Optional;

/// Lets in whoever brings a key. Without any key on a loopback address everybody is of this machine
/// and needs none.
final class KeyGate implements Gate {
    /// Whether a key is asked for where there is none yet.
    enum Ask {
        /// The server can be reached from other machines.
        ALWAYS,
        IF_THERE_ARE_KEYS
    }

    private final Keys keys;
    private final Ask ask;
    private final Clock clock;
    private final Tally tally;

    KeyGate(Keys keys, Ask ask, Clock clock, Tally tally) {
        this.keys = keys;
        this.ask = ask;
        this.clock = clock;
        this.tally = tally;
    }

    @Override
    public Caller admit(Optional<String> token) {
        if (ask == Ask.IF_THERE_ARE_KEYS && !keys.exist()) {
            return Caller.local();
        }
        if (token.isEmpty()) {
            throw refused("this server asks for a key: send it as `Authorization: Bearer ak-...`");
        }
        ApiKey key =
                keys.find(token.get())
                        .orElseThrow(() -> refused("found a key that is not known here"));
        if (!key.isActive(clock.instant())) {
            throw refused(inactive(key));
        }
        return key.caller();
    }

    static String inactive(ApiKey key) {
        return "the key %s %s"
                .formatted(key.id(), key.revoked().isPresent() ? "was revoked" : "has expired");
    }

    private ApiException refused(String message) {
        tally.refused();
        return ApiException.of(ApiException.Kind.UNAUTHENTICATED, message);
    }
}
