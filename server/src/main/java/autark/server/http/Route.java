package autark.server.http;

/// A path that the server answers. What is no route does not exist.
///
/// @param method `GET`, `POST` or `DELETE`; a route for `GET` answers `HEAD`, too
/// @param path begins with a slash; one `*` stands for what is between, or behind, the rest; it may
///   contain slashes at the end of a path only
/// @param scope what a caller has to be allowed to
/// @param body what the body of a request has to be
/// @param errors how failures are told
public record Route(
        String method, String path, Scope scope, Body body, ErrorForm errors, Handler handler) {
    /// What the body of a request has to be.
    public enum Body {
        NONE,
        JSON,
        /// JSON, too; but a client that is no browser need not say so, as those of Ollama do not.
        JSON_UNSAID,
        /// A form with files (RFC 7578).
        MULTIPART
    }

    /// Answers a request.
    @FunctionalInterface
    public interface Handler {
        /// @throws ApiException to have the failure told in the form of the dialect
        void handle(Exchange exchange);
    }

    public static Route get(String path, Scope scope, ErrorForm errors, Handler handler) {
        return new Route("GET", path, scope, Body.NONE, errors, handler);
    }

    public static Route post(String path, Scope scope, ErrorForm errors, Handler handler) {
        return new Route("POST", path, scope, Body.JSON, errors, handler);
    }

    public static Route delete(String path, Scope scope, ErrorForm errors, Handler handler) {
        return new Route("DELETE", path, scope, Body.NONE, errors, handler);
    }

    public Route withBody(Body newBody) {
        return new Route(method, path, scope, newBody, errors, handler);
    }

    boolean matches(String asked) {
        int star = path.indexOf('*');
        if (star < 0) {
            return asked.equals(path);
        }
        String tail = path.substring(star + 1);
        return asked.length() > star + tail.length()
                && asked.startsWith(path.substring(0, star))
                && asked.endsWith(tail)
                && (tail.isEmpty() || rest(asked).indexOf('/') < 0);
    }

    String rest(String asked) {
        int star = path.indexOf('*');
        return star < 0 ? "" : asked.substring(star, asked.length() - (path.length() - star - 1));
    }
}
