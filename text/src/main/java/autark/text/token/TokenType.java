package autark.text.token;

/// What a token of a vocabulary is; in the order of the codes in model files.
enum TokenType {
    UNDEFINED,
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE;

    private static final TokenType[] BY_CODE = values();

    static TokenType ofCode(int code, int token) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new TokenizerException(
                    "token %d has type %d, expected 0 to %d"
                            .formatted(token, code, BY_CODE.length - 1));
        }
        return BY_CODE[code];
    }

    /// Whether the token is matched as a whole in a text, before anything else looks at it.
    boolean isMatchedWhole() {
        return this == CONTROL || this == USER_DEFINED || this == UNKNOWN;
    }
}
