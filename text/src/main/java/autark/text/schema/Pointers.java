package autark.text.schema;

/// JSON pointers (RFC 6901).
final class Pointers {
    private Pointers() {}

    static String append(String pointer, String token) {
        return pointer + "/" + token.replace("~", "~0").replace("/", "~1");
    }
}
