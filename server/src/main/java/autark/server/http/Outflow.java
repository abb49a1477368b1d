package autark.server.http;

import java.nio.charset.StandardCharsets;

/// An answer that is sent piece by piece. One thread writes.
public interface Outflow extends AutoCloseable {
    /// Sends a piece now. It blocks while the client does not keep up. In a stream of events a
    /// piece is whole events: between two of them others may be sent, to show that the stream
    /// lives.
    ///
    /// @throws ClientGoneException if the client is away
    void write(byte[] piece);

    /// Sends a piece of text in UTF-8, as the other form.
    default void write(String piece) {
        write(piece.getBytes(StandardCharsets.UTF_8));
    }

    /// Ends the answer.
    @Override
    void close();
}
