package autark.engine.seal;

import java.util.Optional;

/// How the content of a file is divided.
///
/// @param contentBytes bytes of content in the whole file
record Frames(long contentBytes) {
    Frames {
        if (contentBytes < 0 || contentBytes > Seal.CONTENT_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "%d bytes to seal, expected 0 to %d"
                            .formatted(contentBytes, Seal.CONTENT_BYTES_MAX));
        }
    }

    /// The frames of a file of this size, if a sealed file can have it.
    static Optional<Frames> ofSealed(long sealedBytes) {
        long body = sealedBytes - Seal.HEADER_BYTES;
        if (body < Seal.TAG_BYTES) {
            return Optional.empty();
        }
        long sealedFrameBytes = Seal.FRAME_BYTES + Seal.TAG_BYTES;
        long count = Math.ceilDiv(body, sealedFrameBytes);
        long content = body - count * Seal.TAG_BYTES;
        boolean possible =
                content >= 0
                        && content <= Seal.CONTENT_BYTES_MAX
                        && Seal.sealedBytes(content) == sealedBytes;
        return possible ? Optional.of(new Frames(content)) : Optional.empty();
    }

    static int count(long contentBytes) {
        return Math.toIntExact(Math.max(1, Math.ceilDiv(contentBytes, Seal.FRAME_BYTES)));
    }

    int count() {
        return count(contentBytes);
    }

    FrameCipher.Frame frame(int index) {
        boolean last = index == count() - 1;
        long rest = contentBytes - (long) index * Seal.FRAME_BYTES;
        return new FrameCipher.Frame(index, last, (int) Math.min(rest, Seal.FRAME_BYTES));
    }
}
