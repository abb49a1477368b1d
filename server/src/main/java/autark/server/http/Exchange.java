package autark.server.http;

import java.util.Optional;

/// One request and the way to answer it. A route calls [#reply] or [#stream], once, on the thread
/// that it was called on, and may block.
public interface Exchange {
    /// Names the request; the client finds it in the header `x-request-id`.
    String id();

    /// Who asks.
    Caller caller();

    /// The path of the request.
    String path();

    /// What stands in the path where the route has its `*`, decoded.
    String pathRest();

    /// A parameter of the query, decoded; the first if there are several.
    Optional<String> query(String name);

    /// Refuses parameters of the query that nobody has asked for.
    ///
    /// @throws ApiException if there is one
    void endQuery();

    /// A header of the request; the first if there are several.
    Optional<String> header(String name);

    /// The whole body.
    ///
    /// @throws ApiException if it is larger than the server takes
    byte[] body();

    /// Whether the server is about to close and should get no more requests.
    boolean draining();

    /// Has something done when the client goes away before the answer is complete; at once if it
    /// has gone. What is done must not block.
    void whenGone(Runnable action);

    /// Sends a whole answer.
    void reply(Reply reply);

    /// Begins an answer that is sent piece by piece.
    ///
    /// @param head what comes before; its body is the first piece
    Outflow stream(Reply head);
}
