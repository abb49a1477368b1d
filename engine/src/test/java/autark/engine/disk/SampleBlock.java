package autark.engine.disk;

import autark.engine.store.Sha256;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/// A block of a given seed: name, tokens and bytes all follow from it.
record SampleBlock(BlockName name, int[] tokens, List<ByteBuffer> parts) {
    static SampleBlock of(String tenant, int seed, int... partBytes) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] hash = new byte[32];
        random.nextBytes(hash);
        int[] tokens = random.ints(16, 0, 50_000).toArray();
        List<ByteBuffer> parts = new ArrayList<>();
        for (int bytes : partBytes) {
            byte[] content = new byte[bytes];
            random.nextBytes(content);
            // Neither begins nor ends where its memory does.
            ByteBuffer part = ByteBuffer.allocateDirect(bytes + 5).position(3).limit(bytes + 3);
            part.put(3, content);
            parts.add(part);
        }
        Sha256 name = new Sha256(HexFormat.of().formatHex(hash));
        return new SampleBlock(new BlockName(tenant, name), tokens, parts);
    }

    static SampleBlock small(String tenant, int seed) {
        return of(tenant, seed, 40, 0, 24);
    }

    boolean offerTo(BlockStore store) {
        return store.offer(name, tokens, parts);
    }

    /// Offers and waits until it is written.
    SampleBlock in(BlockStore store) {
        if (!offerTo(store)) {
            throw new AssertionError("not taken");
        }
        store.flush();
        return this;
    }

    /// Memory of the same sizes.
    List<ByteBuffer> empty() {
        List<ByteBuffer> empty = new ArrayList<>();
        for (ByteBuffer part : parts) {
            empty.add(
                    ByteBuffer.allocateDirect(part.remaining() + 2)
                            .position(1)
                            .limit(part.remaining() + 1));
        }
        return empty;
    }

    BlockRead wanted() {
        return new BlockRead(name, tokens, empty());
    }

    /// Whether the store has it; what it gives must be what was offered.
    boolean isRead(BlockStore store) {
        List<ByteBuffer> target = empty();
        if (!store.read(name, tokens, target)) {
            return false;
        }
        if (!target.equals(parts)) {
            throw new AssertionError("a read gave other bytes than were offered");
        }
        return true;
    }
}
