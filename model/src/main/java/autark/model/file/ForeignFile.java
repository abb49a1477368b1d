package autark.model.file;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;

/// Tells what a file that is no GGUF file looks like, since people mostly pass a wrong download or
/// another format, and what to do about it.
final class ForeignFile {
    static final int GGUF_MAGIC_BYTES = 4;

    private static final int LOOKED_AT_BYTES = 512;

    private ForeignFile() {}

    /// Returns if the file starts as a GGUF file does.
    static void refuse(Path path, MemorySegment file) {
        byte[] start = new byte[(int) Math.min(file.byteSize(), LOOKED_AT_BYTES)];
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, 0, start, 0, start.length);
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (!text.startsWith("GGUF")) {
            throw new ModelFormatException(
                    "%s: byte 0: found %s, expected a GGUF file%s"
                            .formatted(path, description(start, text), advice(text)));
        }
    }

    private static String description(byte[] start, String text) {
        String lowerCase = text.strip().toLowerCase(Locale.ROOT);
        if (start.length == 0) {
            return "an empty file";
        } else if (text.chars().allMatch(character -> character == 0)) {
            return "only zeros, as an unfinished download leaves them";
        } else if (text.startsWith("version https://git-lfs")) {
            return "a Git LFS pointer";
        } else if (lowerCase.startsWith("<!doctype html") || lowerCase.startsWith("<html")) {
            return "an HTML page";
        } else if (lowerCase.startsWith("<?xml")) {
            return "an XML document";
        } else if (isSafetensors(text)) {
            return "a safetensors file";
        } else if (lowerCase.startsWith("{") || lowerCase.startsWith("[")) {
            return "JSON text";
        }
        return binaryDescription(start, text);
    }

    private static String binaryDescription(byte[] start, String text) {
        if (text.startsWith("PK\3\4")) {
            return text.contains("/data.pkl") ? "a PyTorch checkpoint" : "a zip archive";
        } else if (text.startsWith("\u0080\2") || text.startsWith("\u0080\4")) {
            return "a Python pickle";
        } else if (text.startsWith("\u001f\u008b")) {
            return "a gzip archive";
        } else if (text.startsWith("\u0028\u00b5\u002f\u00fd")) {
            return "a Zstandard archive";
        } else if (text.startsWith("\u00fd7zXZ")) {
            return "an xz archive";
        } else if (text.startsWith("\u0089HDF")) {
            return "an HDF5 file";
        } else if (text.startsWith("lmgg") || text.startsWith("tjgg") || text.startsWith("fmgg")) {
            return "a GGML file of the time before GGUF";
        } else if (text.startsWith("FUGG")) {
            return "a GGUF file with swapped bytes";
        }
        int shown = Math.min(start.length, GGUF_MAGIC_BYTES);
        return "bytes " + HexFormat.ofDelimiter(" ").formatHex(start, 0, shown);
    }

    private static boolean isSafetensors(String text) {
        return text.length() > 9 && text.startsWith("{\"", 8);
    }

    private static String advice(String text) {
        return "";
    }
}
