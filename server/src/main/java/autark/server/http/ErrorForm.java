package autark.server.http;

/// How a dialect says that a request failed.
@FunctionalInterface
public interface ErrorForm {
    /// The answer to a request that failed before anything was sent. The caller adds `Retry-After`.
    Reply reply(ApiException failure, String requestId);
}
