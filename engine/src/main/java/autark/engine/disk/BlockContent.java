package autark.engine.disk;

import autark.engine.seal.Seal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/// What a sealed block holds: how long it is, its identity (tenant, hash, tokens, sizes of its
/// parts), then the parts.
///
/// The identity is never parsed. Who reads a block knows which one he wants, writes down its
/// identity and compares.
///
/// @param identity the bytes before the parts; the first eight tell the length of the whole content
/// @param contentBytes all of it
@SuppressWarnings("ArrayRecordComponent") // a row of bytes, compared with no other record
record BlockContent(byte[] identity, long contentBytes) {
    /// Most tokens of a block.
    static final int TOKENS_MAX = 1 << 16;

    /// Most parts of a block.
    static final int PARTS_MAX = 1 << 12;

    /// Most bytes of a block's parts.
    static final long PARTS_BYTES_MAX = 32L << 20;

    /// Where the length of the whole content stands, at the very beginning.
    static final int LENGTH_BYTES = Long.BYTES;

    private static final int HASH_BYTES = 32;

    static boolean fits(int[] tokens, List<ByteBuffer> parts) {
        return tokens.length <= TOKENS_MAX
                && parts.size() <= PARTS_MAX
                && bytesOf(parts) <= PARTS_BYTES_MAX;
    }

    static BlockContent of(BlockName name, int[] tokens, List<ByteBuffer> parts) {
        byte[] tenant = name.tenant().getBytes(StandardCharsets.UTF_8);
        int identityBytes =
                LENGTH_BYTES
                        + Integer.BYTES
                        + tenant.length
                        + HASH_BYTES
                        + Integer.BYTES * (1 + tokens.length)
                        + Integer.BYTES * (1 + parts.size());
        long contentBytes = identityBytes + bytesOf(parts);
        ByteBuffer identity = ByteBuffer.allocate(identityBytes).putLong(contentBytes);
        identity.putInt(tenant.length).put(tenant);
        identity.put(HexFormat.of().parseHex(name.hash().hex()));
        identity.putInt(tokens.length);
        identity.asIntBuffer().put(tokens);
        identity.position(identity.position() + Integer.BYTES * tokens.length);
        identity.putInt(parts.size());
        for (ByteBuffer part : parts) {
            identity.putInt(part.remaining());
        }
        return new BlockContent(identity.array(), contentBytes);
    }

    /// What a copy takes in memory: whole frames.
    long frameBytes() {
        return Math.ceilDiv(contentBytes, Seal.FRAME_BYTES) * Seal.FRAME_BYTES;
    }

    long sealedBytes() {
        return Seal.sealedBytes(contentBytes);
    }

    private static long bytesOf(List<ByteBuffer> parts) {
        long bytes = 0;
        for (ByteBuffer part : parts) {
            bytes += part.remaining();
        }
        return bytes;
    }
}
