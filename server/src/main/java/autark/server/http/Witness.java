package autark.server.http;

import java.time.Duration;

/// Is told of all requests, those that are refused included; never what they say. It must not
/// block.
public interface Witness {
    /// A request has come.
    ///
    /// @param id names it
    void came(String id);

    /// A request has been answered, or its client has gone.
    void left(Visit visit);

    /// Looks away.
    static Witness none() {
        return new Witness() {
            @Override
            public void came(String id) {}

            @Override
            public void left(Visit visit) {}
        };
    }

    /// A request that is over.
    ///
    /// @param id names it
    /// @param key public name of the caller's key; empty if none was needed or none was admitted
    /// @param method of HTTP; empty if it was no request
    /// @param route the path of the route as it is declared; empty if there is none
    /// @param status of the answer; [#GONE] if the client went away before its end
    /// @param duration until the answer was out
    record Visit(
            String id, String key, String method, String route, int status, Duration duration) {
        /// The status that other servers log for clients that went away.
        public static final int GONE = 499;
    }
}
