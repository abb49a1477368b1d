package autark.server.http;

/// Answers what comes in on connections.
interface Exchanges {
    /// Answers a request. What it throws is a fault of its own and ends the connection.
    void serve(LiveExchange.Line line);

    /// Answers what is no request as it has to be.
    void refuse(Answer answer, RefusedException refused);
}
