package autark.server.openai;

import autark.server.http.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Reads a form with files (RFC 7578), within limits: at most [#PARTS_MAX] parts, none of the same
/// name as another, each with [#HEAD_BYTES_MAX] of headers at most, and nothing before, between or
/// behind them.
///
/// A mark can only begin where a line does, and holds no line end, so the search for the marks
/// looks at each byte about once.
final class MultipartForm {
    static final int PARTS_MAX = 16;
    static final int HEAD_BYTES_MAX = 8 << 10;

    private static final int BOUNDARY_CHARS_MAX = 70;
    private static final int FILE_NAME_CHARS_MAX = 255;
    private static final String BOUNDARY_CHARS = "'()+_,-./:=?";
    private static final Set<String> PLAIN = Set.of("7bit", "8bit", "binary");

    private final byte[] body;
    private final byte[] mark;
    private int at;

    private MultipartForm(byte[] body, String boundary) {
        this.body = body;
        this.mark = ("--" + boundary).getBytes(StandardCharsets.US_ASCII);
    }

    /// One field of the form.
    ///
    /// @param fileName the last part of its path; empty if the field is no file
    record Part(String name, String fileName, byte[] content) {
        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    /// The parts of a form, in order.
    ///
    /// @param contentType that of the request
    /// @throws ApiException if it is no form within the limits
    static List<Part> read(String contentType, byte[] body) {
        return new MultipartForm(body, boundary(contentType)).parts();
    }

    private static String boundary(String contentType) {
        String boundary =
                parameter(contentType, "boundary")
                        .orElseThrow(() -> invalid("Content-Type: expected a boundary"));
        boolean fits =
                !boundary.isEmpty()
                        && boundary.length() <= BOUNDARY_CHARS_MAX
                        && boundary.chars().allMatch(MultipartForm::isBoundaryUnit);
        if (!fits) {
            throw invalid("Content-Type: expected a boundary as RFC 2046 describes it");
        }
        return boundary;
    }

    private static boolean isBoundaryUnit(int unit) {
        return (unit >= 'a' && unit <= 'z')
                || (unit >= 'A' && unit <= 'Z')
                || (unit >= '0' && unit <= '9')
                || BOUNDARY_CHARS.indexOf(unit) >= 0;
    }

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        Set<String> names = new HashSet<>();
        take(mark);
        while (!taken("--")) {
            take("\r\n".getBytes(StandardCharsets.US_ASCII));
            if (parts.size() == PARTS_MAX) {
                throw invalid("found more than %d parts".formatted(PARTS_MAX));
            }
            Part part = part();
            if (!names.add(part.name())) {
                throw invalid("found two parts of the same name");
            }
            parts.add(part);
        }
        taken("\r\n");
        if (at != body.length) {
            throw invalid("found more behind the last part");
        }
        return parts;
    }

    private Part part() {
        int headEnd = find("\r\n\r\n".getBytes(StandardCharsets.US_ASCII), at);
        if (headEnd < 0 || headEnd - at > HEAD_BYTES_MAX) {
            throw invalid("expected headers of at most %d bytes".formatted(HEAD_BYTES_MAX));
        }
        String head = new String(body, at, headEnd - at, StandardCharsets.UTF_8);
        at = headEnd + 4;
        String disposition = "";
        for (String line : head.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw invalid("expected a header in each line before a part");
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-disposition" -> disposition = value;
                case "content-transfer-encoding" -> checkEncoding(value);
                default -> {} // RFC 7578 has all others ignored
            }
        }
        if (!disposition.split(";", 2)[0].strip().equalsIgnoreCase("form-data")) {
            throw invalid("Content-Disposition: expected form-data in each part");
        }
        String name =
                parameter(disposition, "name")
                        .orElseThrow(() -> invalid("Content-Disposition: expected a name"));
        String fileName = fileName(parameter(disposition, "filename").orElse(""));
        return new Part(name, fileName, content());
    }

    private static void checkEncoding(String encoding) {
        if (!PLAIN.contains(encoding.toLowerCase(Locale.ROOT))) {
            throw invalid("Content-Transfer-Encoding: expected none");
        }
    }

    private byte[] content() {
        byte[] end = new byte[mark.length + 2];
        end[0] = '\r';
        end[1] = '\n';
        System.arraycopy(mark, 0, end, 2, mark.length);
        int contentEnd = find(end, at);
        if (contentEnd < 0) {
            throw invalid("found no end of a part");
        }
        byte[] content = Arrays.copyOfRange(body, at, contentEnd);
        at = contentEnd + end.length;
        return content;
    }

    private void take(byte[] expected) {
        if (!startsWith(expected, at)) {
            throw invalid("expected a part to begin or the form to end at byte " + at);
        }
        at += expected.length;
    }

    private boolean taken(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (!startsWith(bytes, at)) {
            return false;
        }
        at += bytes.length;
        return true;
    }

    private int find(byte[] wanted, int from) {
        for (int place = from; place <= body.length - wanted.length; place++) {
            if (body[place] == wanted[0] && startsWith(wanted, place)) {
                return place;
            }
        }
        return -1;
    }

    private boolean startsWith(byte[] wanted, int place) {
        return place + wanted.length <= body.length
                && Arrays.equals(body, place, place + wanted.length, wanted, 0, wanted.length);
    }

    /// What a header says under a name, with quotation marks or without.
    private static Optional<String> parameter(String header, String name) {
        int place = header.indexOf(';');
        while (place >= 0) {
            int equals = header.indexOf('=', place);
            if (equals < 0) {
                return Optional.empty();
            }
            String found = header.substring(place + 1, equals).strip();
            StringBuilder value = new StringBuilder();
            place = value(header, equals + 1, value);
            if (found.equalsIgnoreCase(name)) {
                return Optional.of(value.toString());
            }
        }
        return Optional.empty();
    }

    /// Reads a value.
    ///
    /// @return where the next semicolon is; negative if there is none
    private static int value(String header, int from, StringBuilder value) {
        int place = from;
        if (place < header.length() && header.charAt(place) == '"') {
            place++;
            while (place < header.length() && header.charAt(place) != '"') {
                if (header.startsWith("\\\"", place)) {
                    place++;
                }
                value.append(header.charAt(place));
                place++;
            }
            return header.indexOf(';', place);
        }
        int end = header.indexOf(';', place);
        value.append(header.substring(place, end < 0 ? header.length() : end).strip());
        return end;
    }

    private static String fileName(String path) {
        String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        if (name.length() > FILE_NAME_CHARS_MAX || name.chars().anyMatch(Character::isISOControl)) {
            throw invalid(
                    "filename: expected at most %d characters".formatted(FILE_NAME_CHARS_MAX));
        }
        return name;
    }

    private static ApiException invalid(String message) {
        return ApiException.of(ApiException.Kind.INVALID, "form: " + message);
    }
}
