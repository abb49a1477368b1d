package autark.engine.disk;

import autark.engine.seal.Seal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A copy of a block that waits to be written, cut into the frames in which it will be sealed.
final class PendingBlock {
    private final BlockName name;
    private final String block;
    private final BlockContent content;
    private final List<byte[]> frames = new ArrayList<>();

    private PendingBlock(BlockName name, String block, BlockContent content) {
        this.name = name;
        this.block = block;
        this.content = content;
    }

    /// @param newFrame gives arrays of [Seal#FRAME_BYTES]
    static PendingBlock copy(
            Naming naming,
            BlockContent content,
            List<ByteBuffer> parts,
            Supplier<byte[]> newFrame) {
        PendingBlock pending = new PendingBlock(naming.name(), naming.block(), content);
        int used = pending.append(ByteBuffer.wrap(content.identity()), Seal.FRAME_BYTES, newFrame);
        for (ByteBuffer part : parts) {
            used = pending.append(part, used, newFrame);
        }
        return pending;
    }

    /// The two names of a block.
    record Naming(BlockName name, String block) {}

    BlockName name() {
        return name;
    }

    /// The name on disk.
    String block() {
        return block;
    }

    BlockContent content() {
        return content;
    }

    List<byte[]> frames() {
        return frames;
    }

    /// @param used how many bytes of the last frame are taken
    /// @return how many are taken now
    private int append(ByteBuffer source, int used, Supplier<byte[]> newFrame) {
        int usedBytes = used;
        int at = source.position();
        while (at < source.limit()) {
            if (usedBytes == Seal.FRAME_BYTES) {
                frames.add(newFrame.get());
                usedBytes = 0;
            }
            int count = Math.min(source.limit() - at, Seal.FRAME_BYTES - usedBytes);
            source.get(at, frames.getLast(), usedBytes, count);
            usedBytes += count;
            at += count;
        }
        return usedBytes;
    }
}
