package autark.bench;

import autark.engine.disk.BlockName;
import autark.engine.disk.BlockRead;
import autark.engine.disk.BlockStore;
import autark.engine.seal.Seal;
import autark.engine.store.Sha256;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/// How long a fresh process needs for the sealed blocks of a prompt of 2,000 tokens: 64 blocks of 1
/// MB, 30 parts each, in the page cache. Not a JMH benchmark, since the first pass is the one that
/// counts. The first run in a folder writes the blocks, each later one reads them.
///
/// ```
/// mvn -q -Dquick -Dmaven.test.skip=true -pl bench -am package
/// java -cp "bench/target/classes:bench/target/lib/*" autark.bench.BlockStoreBenchmark FOLDER MODE
/// ```
///
/// `MODE` is `warmed` (the cipher is warmed up first, and that is timed apart) or `cold`; a second
/// word `one` reads by one thread.
public final class BlockStoreBenchmark {
    private static final int BLOCK_COUNT = 64;
    private static final int PART_COUNT = 30;
    private static final int PART_BYTES = (1 << 20) / PART_COUNT;
    private static final int TOKENS_PER_BLOCK = 32;
    private static final long CAP_BYTES = 1L << 30;
    private static final int WARM_PASSES = 15;

    private BlockStoreBenchmark() {}

    /// @param args folder, mode, and perhaps `one`
    public static void main(String[] args) {
        List<String> words = Arrays.asList(args);
        Path folder = Path.of(words.getFirst());
        PrintStream out = System.out;
        if (words.contains("warmed")) {
            long start = System.nanoTime();
            Seal.warmUp();
            out.printf("warm-up of the cipher        %6.1f ms%n", millisSince(start));
        }
        List<BlockRead> blocks = blocks();
        long start = System.nanoTime();
        try (BlockStore store =
                BlockStore.open(
                        folder.resolve("blocks"),
                        folder.resolve("root.key"),
                        CAP_BYTES,
                        InstantSource.system())) {
            out.printf("open                         %6.1f ms%n", millisSince(start));
            if (!store.has(blocks.getFirst().name())) {
                write(store, blocks, out);
                return;
            }
            boolean one = words.contains("one");
            double cold = readMillis(store, blocks, one);
            out.printf("first read of 64 blocks      %6.1f ms%n", cold);
            double[] warm = new double[WARM_PASSES];
            for (int i = 0; i < warm.length; i++) {
                warm[i] = readMillis(store, blocks, one);
            }
            Arrays.sort(warm);
            out.printf("later ones, median           %6.1f ms%n", warm[warm.length / 2]);
        }
    }

    private static void write(BlockStore store, List<BlockRead> blocks, PrintStream out) {
        long start = System.nanoTime();
        for (BlockRead block : blocks) {
            if (!store.offer(block.name(), block.tokens(), block.parts())) {
                store.flush();
                store.offer(block.name(), block.tokens(), block.parts());
            }
        }
        out.printf("offer 64 blocks              %6.1f ms%n", millisSince(start));
        store.flush();
        out.printf("until they are written       %6.1f ms%n", millisSince(start));
    }

    private static double readMillis(BlockStore store, List<BlockRead> blocks, boolean one) {
        long start = System.nanoTime();
        int filled = 0;
        if (one) {
            for (BlockRead block : blocks) {
                filled += store.read(block.name(), block.tokens(), block.parts()) ? 1 : 0;
            }
        } else {
            filled = store.readPrefix(blocks);
        }
        double millis = millisSince(start);
        if (filled != blocks.size()) {
            throw new IllegalStateException("only %d blocks were read".formatted(filled));
        }
        return millis;
    }

    /// Names, tokens and memory of the blocks; the memory has been touched, as an engine's has.
    private static List<BlockRead> blocks() {
        SplittableRandom random = new SplittableRandom(1);
        List<BlockRead> blocks = new ArrayList<>();
        for (int i = 0; i < BLOCK_COUNT; i++) {
            byte[] hash = new byte[32];
            random.nextBytes(hash);
            Sha256 name = new Sha256(HexFormat.of().formatHex(hash));
            List<ByteBuffer> parts = new ArrayList<>();
            for (int part = 0; part < PART_COUNT; part++) {
                byte[] content = new byte[PART_BYTES];
                random.nextBytes(content);
                parts.add(ByteBuffer.allocateDirect(PART_BYTES).put(0, content));
            }
            int[] tokens = random.ints(TOKENS_PER_BLOCK).toArray();
            blocks.add(new BlockRead(new BlockName("tenant", name), tokens, parts));
        }
        return blocks;
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }
}
