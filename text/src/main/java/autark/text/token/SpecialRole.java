package autark.text.token;

/// What a vocabulary's special token is for. A vocabulary names at most one token for each role.
public enum SpecialRole {
    BEGIN_OF_SEQUENCE,
    END_OF_SEQUENCE,
    END_OF_TURN,
    END_OF_MESSAGE,
    UNKNOWN,
    SEPARATOR,
    PADDING,
    MASK,
    FIM_PREFIX,
    FIM_SUFFIX,
    FIM_MIDDLE,
    FIM_PADDING,
    FIM_REPOSITORY,
    FIM_FILE_SEPARATOR
}
