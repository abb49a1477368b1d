package autark.model;

/// A sequence would grow beyond the positions that it may have.
public final class ContextFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ContextFullException(int foundTokens, int capacityTokens) {
        super(
                "the sequence would hold %d tokens, but there is room for %d"
                        .formatted(foundTokens, capacityTokens));
    }
}
