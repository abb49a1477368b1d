package autark.text.token;

/// The patterns, and parts of patterns, that several pre-tokenizers share.
final class Patterns {
    static final String GPT_2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|\\s+(?!\\S)|\\s++";

    private static final String ANY_CASE_ENDINGS =
            "(?:[sS]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])";
    static final String ANY_CASE_CONTRACTION = "'" + ANY_CASE_ENDINGS;
    static final String CONTRACTION_SUFFIX = "(?:" + ANY_CASE_CONTRACTION + ")?+";

    static final String LINE_ENDS_AND_SPACES = "|\\s*[\\r\\n]++|\\s+(?!\\S)|\\s++";
    static final String LINES = "[^\\n]++|\\n++";

    static final String HAN_AND_KANA = "[\\u4E00-\\u9FA5\\u3040-\\u30FF]++";

    /// White space of these ranges never counts as theirs, because the reference replaces it
    /// before.
    static final String CJK_AND_BETWEEN = "[\\u0800-\\u9FA5\\uAC00-\\uD7FF&&\\S]++";

    static final String BLOOM =
            " ?[^(\\s|.,!?\\u2026\\u3002\\uFF0C\\u3001\\u0964\\u06D4\\u060C)]++";

    static final String DEEPSEEK_3_WORDS =
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]++"
                    + "|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]++| ?[\\p{P}\\p{S}]++";

    /// Letters of scripts that know upper and lower case, as of the Unicode version that the
    /// vocabulary was made with. The ASCII characters are decided first, because the long list is
    /// slow.
    static final String CASED_LETTERS =
            "[A-Za-z[\\x{80}-\\x{10FFFF}&&["
                    + "\\u00B5\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u01BA\\u01BC-\\u01BF"
                    + "\\u01C4-\\u0293\\u0295-\\u02AF\\u0370-\\u0373\\u0376\\u0377\\u037B-\\u037D"
                    + "\\u037F\\u0386\\u0388-\\u038A\\u038C\\u038E-\\u03A1\\u03A3-\\u03F5"
                    + "\\u03F7-\\u0481\\u048A-\\u052F\\u0531-\\u0556\\u10A0-\\u10C5\\u13A0-\\u13F5"
                    + "\\u13F8-\\u13FD\\u1C90-\\u1CBA\\u1CBD-\\u1CBF\\u1D00-\\u1D2B\\u1D6B-\\u1D77"
                    + "\\u1D79-\\u1D9A\\u1E00-\\u1F15\\u1F18-\\u1F1D\\u1F20-\\u1F45\\u1F48-\\u1F4D"
                    + "\\u1F50-\\u1F57\\u1F59\\u1F5B\\u1F5D\\u1F5F-\\u1F7D\\u1F80-\\u1FB4"
                    + "\\u1FB6-\\u1FBC\\u1FBE\\u1FC2-\\u1FC4\\u1FC6-\\u1FCC\\u1FD0-\\u1FD3"
                    + "\\u1FD6-\\u1FDB\\u1FE0-\\u1FEC\\u1FF2-\\u1FF4\\u1FF6-\\u1FFC\\u2102\\u2107"
                    + "\\u210A-\\u2113\\u2115\\u2119-\\u211D\\u2124\\u2126\\u2128\\u212A-\\u212D"
                    + "\\u212F-\\u2134\\u2139\\u213C-\\u213F\\u2145-\\u2149\\u214E\\u2183\\u2184"
                    + "\\u2C00-\\u2C7B\\u2C7E-\\u2CE4\\u2CEB-\\u2CEE\\u2CF2\\u2CF3\\uA640-\\uA66D"
                    + "\\uA680-\\uA69B\\uA722-\\uA76F\\uA771-\\uA787\\uA78B-\\uA78E\\uAB70-\\uABBF"
                    + "\\uFB00-\\uFB06\\uFB13-\\uFB17\\uFF21-\\uFF3A\\uFF41-\\uFF5A"
                    + "\\x{10400}-\\x{1044F}\\x{104B0}-\\x{104D3}\\x{104D8}-\\x{104FB}"
                    + "\\x{10C80}-\\x{10CB2}\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}"
                    + "\\x{1E900}-\\x{1E943}"
                    + "]]]";

    /// Words of letters with a character before them; then a pattern for numbers follows.
    static final String WORDS_BEFORE_NUMBERS =
            ANY_CASE_CONTRACTION + "|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|";

    /// Other characters with line ends after them, and white space.
    static final String OTHERS_AFTER_NUMBERS =
            "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+" + LINE_ENDS_AND_SPACES;

    /// As before, but slashes go with line ends.
    static final String OTHERS_AND_SLASHES_AFTER_NUMBERS =
            "| ?[^\\s\\p{L}\\p{N}]++[\\r\\n/]*+" + LINE_ENDS_AND_SPACES;

    private static final String ANY_BEFORE_WORD = "[^\\r\\n\\p{L}\\p{N}]?";
    private static final String UPPER = "[\\p{L}&&[^a-z]]";
    private static final String LOWER = "[\\p{L}&&[^A-Z]]";
    private static final String UPPER_OR_MARK = "[\\p{L}\\p{M}&&[^a-z]]";
    private static final String LOWER_OR_MARK = "[\\p{L}\\p{M}&&[^A-Z]]";

    /// Words where a capital of ASCII after a small letter starts a new one. Other letters count as
    /// both, because the reference does not tell them apart.
    static final String CASED_WORDS =
            ANY_BEFORE_WORD
                    + UPPER
                    + "*"
                    + LOWER
                    + "++|"
                    + ANY_BEFORE_WORD
                    + UPPER
                    + "++"
                    + LOWER
                    + "*+|";

    static final String CASED_WORDS_WITH_CONTRACTIONS =
            ANY_BEFORE_WORD
                    + UPPER
                    + "*"
                    + LOWER
                    + "++"
                    + CONTRACTION_SUFFIX
                    + "|"
                    + ANY_BEFORE_WORD
                    + UPPER
                    + "++"
                    + LOWER
                    + "*+"
                    + CONTRACTION_SUFFIX
                    + "|";

    static final String CASED_WORDS_WITH_MARKS =
            ANY_BEFORE_WORD
                    + UPPER_OR_MARK
                    + "*"
                    + LOWER_OR_MARK
                    + "++"
                    + CONTRACTION_SUFFIX
                    + "|"
                    + ANY_BEFORE_WORD
                    + UPPER_OR_MARK
                    + "++"
                    + LOWER_OR_MARK
                    + "*+"
                    + CONTRACTION_SUFFIX
                    + "|";

    private Patterns() {}
}
