package autark.server.http;

/// How a body is told from the request behind it.
sealed interface Framing {
    /// There is no body.
    record None() implements Framing {}

    /// It has so many bytes, one at least.
    record Length(long bytes) implements Framing {}

    /// It comes in chunks that say their size.
    record Chunked() implements Framing {}
}
