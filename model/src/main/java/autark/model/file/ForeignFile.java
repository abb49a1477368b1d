package autark.model.file;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// Tells what a file that is no GGUF file looks like and what to do about it: people mostly pass a
/// wrong download or another format.
final class ForeignFile {
    private static final int LOOKED_AT_BYTES = 512;
    private static final int SHOWN_BYTES = 4;

    private static final String DOWNLOAD = "download the file itself again";
    private static final String UNPACK = "unpack it first";
    private static final String NOT_LOADED =
            "Autark never loads pickled Python objects, since they can run code";

    /// One kind of file, known by its first bytes, each byte a character.
    private record Kind(String description, String advice, Predicate<String> matches) {
        static Kind magic(String description, String advice, String... magics) {
            return new Kind(
                    description,
                    advice,
                    start -> List.of(magics).stream().anyMatch(start::startsWith));
        }

        static Kind text(String description, String advice, String... openings) {
            return new Kind(
                    description,
                    advice,
                    start -> {
                        String text = start.strip().toLowerCase(Locale.ROOT);
                        return List.of(openings).stream().anyMatch(text::startsWith);
                    });
        }
    }

    /// The first that matches counts.
    private static final List<Kind> KINDS =
            List.of(
                    new Kind("an empty file", DOWNLOAD, String::isEmpty),
                    new Kind(
                            "only zeros, as an unfinished download leaves them",
                            DOWNLOAD,
                            start -> start.chars().allMatch(character -> character == 0)),
                    Kind.text("a Git LFS pointer", DOWNLOAD, "version https://git-lfs"),
                    Kind.text("a web page", DOWNLOAD, "<!doctype html", "<html"),
                    Kind.text("an XML document", DOWNLOAD, "<?xml"),
                    new Kind(
                            "a safetensors file",
                            "get the GGUF file of this model",
                            start -> start.length() > 9 && start.startsWith("{\"", 8)),
                    Kind.text("JSON text", "get the GGUF file of this model", "{", "["),
                    new Kind(
                            "a PyTorch checkpoint",
                            NOT_LOADED,
                            start -> start.startsWith("PK\3\4") && start.contains("data.pkl")),
                    Kind.magic("a Python pickle", NOT_LOADED, "\u0080\2", "\u0080\3", "\u0080\4"),
                    Kind.magic("a zip archive", UNPACK, "PK\3\4", "PK\5\6"),
                    Kind.magic("a gzip archive", UNPACK, "\u001f\u008b"),
                    Kind.magic("a Zstandard archive", UNPACK, "(\u00b5/\u00fd"),
                    Kind.magic("an xz archive", UNPACK, "\u00fd7zXZ"),
                    Kind.magic("a 7z archive", UNPACK, "7z\u00bc\u00af"),
                    new Kind("a tar archive", UNPACK, start -> start.startsWith("ustar", 257)),
                    Kind.magic("an HDF5 file", "get the GGUF file of this model", "\u0089HDF"),
                    Kind.magic(
                            "a GGML file of the time before GGUF",
                            "get a newer file of this model",
                            "lmgg",
                            "tjgg",
                            "fmgg",
                            "algg"),
                    Kind.magic("a big-endian GGUF file", "get the little-endian one", "FUGG"));

    private ForeignFile() {}

    /// The error that says what the file is.
    static ModelFormatException error(ModelPart file) {
        byte[] bytes = new byte[(int) Math.min(file.byteSize(), LOOKED_AT_BYTES)];
        file.read(0, bytes, bytes.length);
        String start = new String(bytes, StandardCharsets.ISO_8859_1);
        Kind kind =
                KINDS.stream()
                        .filter(candidate -> candidate.matches().test(start))
                        .findFirst()
                        .orElseGet(() -> unknown(bytes));
        return ModelFormatException.at(
                file.path(),
                0,
                "found %s, expected a GGUF file; %s".formatted(kind.description(), kind.advice()));
    }

    private static Kind unknown(byte[] bytes) {
        int shown = Math.min(bytes.length, SHOWN_BYTES);
        return Kind.magic(
                "the bytes " + HexFormat.ofDelimiter(" ").formatHex(bytes, 0, shown),
                "check that this is the model file");
    }
}
