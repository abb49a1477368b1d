package autark.cli.pull;

import autark.engine.store.Incoming;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// A file of this machine. It is copied and never linked: a file that its owner may change under a
/// running model is none that the store can vouch for.
record FileSource(Path file) implements Source {
    private static final int BUFFER_BYTES = 1 << 20;

    @Override
    public void fetch(Incoming incoming, PullListener listener) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try (FileChannel channel = FileChannel.open(file)) {
            channel.position(incoming.bytes());
            while (channel.read(buffer) >= 0) {
                incoming.write(buffer.flip());
                buffer.clear();
                listener.progress(incoming.bytes(), incoming.expectedBytes());
            }
        } catch (IOException e) {
            throw new PullException("cannot read %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    @Override
    public String toString() {
        return "file:" + file.toAbsolutePath().normalize();
    }
}
