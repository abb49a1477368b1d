package autark.chip;

/// Keys and values of a model cannot be kept in the type that was asked for.
public final class KvTypeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    KvTypeException(String message) {
        super(message);
    }
}
