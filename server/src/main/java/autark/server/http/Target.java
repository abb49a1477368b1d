package autark.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a request is about: a path and the parameters behind it, decoded.
///
/// A path has one form here, and each other way to write it is refused: segments that are neither
/// empty nor dots, no slash or backslash that is written as `%2f` or `%5c`, no control characters.
/// So what a route, a proxy and a log see is the same path. A slash at the end stays, and is
/// another path.
///
/// @param path begins with a slash
/// @param query values by names
record Target(String path, Map<String, List<String>> query) {
    private static final String PATH_MARKS = "-._~!$&'()*+,;=:@/%";
    private static final String QUERY_MARKS = PATH_MARKS + "?[]";
    private static final int PARAMETERS_MAX = 100;

    /// @param asked path and query as they stand in the request line
    /// @throws RefusedException if they are in another form than the one
    static Target parse(String asked) {
        int mark = asked.indexOf('?');
        String path = mark < 0 ? asked : asked.substring(0, mark);
        String query = mark < 0 ? "" : asked.substring(mark + 1);
        if (!path.startsWith("/")) {
            throw RefusedException.bad("target: expected a path that begins with a slash");
        }
        String decoded = decoded(path, PATH_MARKS, "path");
        checkSegments(path, decoded);
        return new Target(decoded, parameters(query));
    }

    private static void checkSegments(String written, String path) {
        long slashes = written.chars().filter(c -> c == '/').count();
        if (path.chars().filter(c -> c == '/').count() != slashes || path.indexOf('\\') >= 0) {
            throw RefusedException.bad("path: found an encoded slash, expected none");
        }
        String[] segments = path.substring(1).split("/", -1);
        for (int index = 0; index < segments.length; index++) {
            String segment = segments[index];
            boolean last = index == segments.length - 1;
            if (segment.equals(".") || segment.equals("..") || (segment.isEmpty() && !last)) {
                throw RefusedException.bad(
                        "path: found a segment of dots or nothing, expected none");
            }
        }
    }

    private static Map<String, List<String>> parameters(String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        if (query.isEmpty()) {
            return parameters;
        }
        String[] pairs = query.split("&", -1);
        if (pairs.length > PARAMETERS_MAX) {
            throw RefusedException.bad(
                    "query: found %d parameters, expected at most %d"
                            .formatted(pairs.length, PARAMETERS_MAX));
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            parameters
                    .computeIfAbsent(parameter(name), _ -> new ArrayList<>())
                    .add(parameter(value));
        }
        return parameters;
    }

    private static String parameter(String text) {
        return decoded(text.replace('+', ' '), QUERY_MARKS + " ", "query");
    }

    private static String decoded(String text, String marks, String place) {
        byte[] bytes = new byte[text.length()];
        int count = 0;
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            int value = c;
            if (c == '%') {
                value = octet(text, index, place);
                index += 2;
            } else if (!isLetterOrDigit(c) && marks.indexOf(c) < 0) {
                throw RefusedException.bad(
                        "%s: found the character %s, expected it percent-encoded"
                                .formatted(place, HexFormat.of().toHexDigits((byte) c)));
            }
            if (value < 0x20 || value == 0x7f) {
                throw RefusedException.bad(place + ": found a control character, expected none");
            }
            bytes[count++] = (byte) value;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, count))
                    .toString();
        } catch (CharacterCodingException e) {
            throw RefusedException.bad(place + ": found bytes that are no UTF-8");
        }
    }

    private static int octet(String text, int percent, String place) {
        if (percent + 2 < text.length()
                && HexFormat.isHexDigit(text.charAt(percent + 1))
                && HexFormat.isHexDigit(text.charAt(percent + 2))) {
            return HexFormat.fromHexDigits(text, percent + 1, percent + 3);
        }
        throw RefusedException.bad(place + ": found % without two hexadecimal digits behind it");
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
