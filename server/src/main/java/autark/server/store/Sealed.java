package autark.server.store;

import autark.engine.seal.Opener;
import autark.engine.seal.Seal;
import autark.engine.seal.SealKey;
import autark.engine.seal.SealedName;
import autark.engine.seal.Sealer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// A value as it lies on disk: a sealed file without a file, bound to tenant, kind and name.
final class Sealed {
    private Sealed() {}

    static byte[] seal(SealKey key, SealedName name, byte[] value) {
        Sealer sealer = new Sealer();
        byte[] header = new byte[Seal.HEADER_BYTES];
        sealer.begin(key, name, value.length, header);
        ByteBuffer sealed =
                ByteBuffer.allocate(Math.toIntExact(Seal.sealedBytes(value.length))).put(header);
        byte[] frame = new byte[Math.min(value.length, Seal.FRAME_BYTES) + Seal.TAG_BYTES];
        int offset = 0;
        while (sealed.hasRemaining()) {
            int end = Math.min(value.length, offset + Seal.FRAME_BYTES);
            int count = sealer.seal(Arrays.copyOfRange(value, offset, end), frame);
            sealed.put(frame, 0, count);
            offset = end;
        }
        return sealed.array();
    }

    /// The value, if this is what was sealed under this key and name.
    static Optional<byte[]> open(SealKey key, SealedName name, byte[] sealed) {
        Opener opener = new Opener();
        byte[] header = Arrays.copyOf(sealed, Seal.HEADER_BYTES);
        if (!opener.begin(key, name, sealed.length, header)) {
            return Optional.empty();
        }
        byte[] value = new byte[Math.toIntExact(opener.contentBytes())];
        int from = Seal.HEADER_BYTES;
        int to = 0;
        for (int index = 0; index < opener.frameCount(); index++) {
            byte[] frame = new byte[opener.frameBytes()];
            int sealedBytes = opener.sealedFrameBytes();
            if (!opener.open(Arrays.copyOfRange(sealed, from, from + sealedBytes), frame)) {
                return Optional.empty();
            }
            System.arraycopy(frame, 0, value, to, frame.length);
            from += sealedBytes;
            to += frame.length;
        }
        return Optional.of(value);
    }
}
