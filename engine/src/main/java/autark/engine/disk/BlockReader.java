package autark.engine.disk;

import autark.engine.seal.Opener;
import autark.engine.seal.Seal;
import autark.engine.seal.SealKey;
import autark.engine.seal.SealedName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;

/// Reads one block after another, frame by frame: from the file into an array, through the cipher
/// into another one, from there into the memory of the parts. For one thread at a time.
final class BlockReader {
    /// What a file turned out to be.
    enum Outcome {
        FILLED,
        /// A whole block, made from other tokens or with other sizes.
        OTHER,
        /// Not what was written under this name, by this key.
        DAMAGED
    }

    private final BlockFiles files;
    private final Opener opener = new Opener();
    private final byte[] header = new byte[Seal.HEADER_BYTES];
    private final byte[] sealed = new byte[Seal.FRAME_BYTES + Seal.TAG_BYTES];
    private final byte[] frame = new byte[Seal.FRAME_BYTES];

    BlockReader(BlockFiles files) {
        this.files = files;
    }

    Outcome read(
            FileChannel file,
            SealKey key,
            SealedName name,
            BlockContent wanted,
            List<ByteBuffer> parts)
            throws IOException {
        long fileBytes = files.size(file);
        if (!files.read(file, header, header.length)
                || !opener.begin(key, name, fileBytes, header)) {
            return Outcome.DAMAGED;
        }
        Target target = new Target(wanted.identity(), parts);
        boolean fits = opener.contentBytes() == wanted.contentBytes();
        int frameCount = opener.frameCount();
        for (int index = 0; index < frameCount; index++) {
            int frameBytes = opener.frameBytes();
            if (!files.read(file, sealed, opener.sealedFrameBytes())
                    || !opener.open(sealed, frame)) {
                return Outcome.DAMAGED;
            }
            if (index == 0 && !tellsLength(frameBytes)) {
                return Outcome.DAMAGED; // cut behind a frame, or lengthened
            }
            if (!fits || !target.take(frame, frameBytes)) {
                return Outcome.OTHER;
            }
        }
        return Outcome.FILLED;
    }

    /// Whether the content says that it is as long as the file can hold.
    private boolean tellsLength(int frameBytes) {
        return frameBytes >= BlockContent.LENGTH_BYTES
                && ByteBuffer.wrap(frame).getLong() == opener.contentBytes();
    }

    /// Where the content goes: it is compared with the identity, to its end, and fills the parts
    /// after that.
    private static final class Target {
        private final byte[] identity;
        private final List<ByteBuffer> parts;
        private int compared;
        private int partIndex;
        private int partOffset;

        Target(byte[] identity, List<ByteBuffer> parts) {
            this.identity = identity;
            this.parts = parts;
        }

        /// Whether the content is what is wanted so far.
        boolean take(byte[] content, int count) {
            int same = Math.min(identity.length - compared, count);
            if (!Arrays.equals(content, 0, same, identity, compared, compared + same)) {
                return false;
            }
            compared += same;
            fill(content, same, count);
            return true;
        }

        private void fill(byte[] content, int from, int to) {
            int at = from;
            while (at < to) {
                ByteBuffer part = parts.get(partIndex);
                int count = Math.min(part.remaining() - partOffset, to - at);
                part.put(part.position() + partOffset, content, at, count);
                at += count;
                partOffset += count;
                if (partOffset == part.remaining()) {
                    partIndex++;
                    partOffset = 0;
                }
            }
        }
    }
}
