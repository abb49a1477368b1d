package autark.model.file;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ForeignFileTest {
    @TempDir Path folder;

    private void refused(byte[] content, String kind, String advice) throws IOException {
        Path path = Files.write(folder.resolve("model.gguf"), content);
        assertThatThrownBy(() -> Gguf.open(path))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith(path + ": byte 0: found " + kind)
                .hasMessageContaining(advice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|an empty file|download",
                "\\0\\0\\0\\0\\0\\0\\0\\0|only zeros|download",
                "version https://git-lfs.github.com/spec/v1\\noid sha256:4d|a Git LFS pointer|download",
                "\\n <!DOCTYPE HTML><html>|a web page|download",
                "<html><body>404|a web page|download",
                "<?xml version='1.0'?><Error>|an XML document|download",
                "{\"error\":\"Repository not found\"}|JSON text|GGUF",
                "P\\0\\0\\0\\0\\0\\0\\0{\"__metadata__\":{}}|a safetensors file|GGUF",
                "PK\\3\\4....archive/data.pkl|a PyTorch checkpoint|can run code",
                "\u0080\\2}q\\0|a Python pickle|can run code",
                "\u0080\\4\u0095|a Python pickle|can run code",
                "\\37\u008b\\b|a gzip archive|unpack",
                "(\u00b5/\u00fd|a Zstandard archive|unpack",
                "\u00fd7zXZ\\0|an xz archive|unpack",
                "7z\u00bc\u00af'|a 7z archive|unpack",
                "\u0089HDF\\r|an HDF5 file|GGUF",
                "lmgg\\1|a GGML file of the time before GGUF|newer",
                "tjgg\\1|a GGML file of the time before GGUF|newer",
                "FUGG\\0|a big-endian GGUF file|little-endian",
                "GG|the bytes 47 47|check",
                "\u007fELF|the bytes 7f 45 4c 46|check"
            })
    void tellsWhatTheFileIs(String content, String kind, String advice) throws IOException {
        refused(content.translateEscapes().getBytes(StandardCharsets.ISO_8859_1), kind, advice);
    }

    @Test
    void tellsATarArchive() throws IOException {
        byte[] header = new byte[512];
        header[0] = 'm';
        System.arraycopy("ustar".getBytes(StandardCharsets.ISO_8859_1), 0, header, 257, 5);
        refused(header, "a tar archive", "unpack");
    }

    @Test
    void tellsAZipArchive() throws IOException {
        Path zip = folder.resolve("model.zip");
        try (ZipOutputStream output = new ZipOutputStream(Files.newOutputStream(zip))) {
            output.putNextEntry(new ZipEntry("model.gguf"));
            output.closeEntry();
        }
        refused(Files.readAllBytes(zip), "a zip archive", "unpack");
    }
}
