package autark.server.http;

/// An answer that is sent piece by piece. One thread writes.
public interface Outflow extends AutoCloseable {
    /// Sends a piece now. It blocks while the client does not keep up.
    ///
    /// @throws ClientGoneException if the client is away
    void write(String piece);

    /// Ends the answer.
    @Override
    void close();
}
