package autark.server.http;

/// An answer that is sent piece by piece. One thread writes.
public interface Outflow extends AutoCloseable {
    /// Sends a piece now. It blocks while the client does not keep up. In a stream of events a
    /// piece is whole events: between two of them others may be sent, to show that the stream
    /// lives.
    ///
    /// @throws ClientGoneException if the client is away
    void write(String piece);

    /// Ends the answer.
    @Override
    void close();
}
