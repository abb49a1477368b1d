package autark.engine.seal;

/// A key was closed while somebody still wanted to use it.
public final class KeyClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeyClosedException() {
        super("the key is closed");
    }
}
