package autark.chip;

import autark.chip.quant.Dequantizer;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Runs each kernel of a set and its twin of another set on the same small random input and
/// compares the bits: whether this very processor computes what the tests elsewhere have seen.
///
/// Matrix products are compared in each storage type, with numbers of tokens and rows that fill no
/// vector and no tile.
public final class TwinCheck {
    private static final int ROWS = 37;
    private static final int COLUMNS = 512;
    private static final int[] TOKEN_COUNTS = {1, 6, 13};
    private static final int HEAD_COUNT = 4;
    private static final int KV_HEAD_COUNT = 2;
    private static final int HEAD_DIM = 64;
    private static final int POSITION_COUNT = 41;
    private static final float WEIGHT_MAX = 1e6f;
    private static final int SEED = 20_260;

    private final Kernels kernels;
    private final Arena arena;

    private TwinCheck(Kernels kernels, Arena arena) {
        this.kernels = kernels;
        this.arena = arena;
    }

    /// What one kernel gave.
    private record Outcome(String kernel, byte[] bits) {}

    /// The first kernel of `kernels` whose bits are not those of its twin, or nothing.
    public static Optional<String> mistake(Kernels kernels, Kernels twin) {
        List<Outcome> found = outcomes(kernels);
        List<Outcome> expected = outcomes(twin);
        for (int i = 0; i < expected.size(); i++) {
            if (!Arrays.equals(found.get(i).bits(), expected.get(i).bits())) {
                return Optional.of(found.get(i).kernel());
            }
        }
        return Optional.empty();
    }

    private static List<Outcome> outcomes(Kernels kernels) {
        try (Arena arena = Arena.ofConfined()) {
            TwinCheck check = new TwinCheck(kernels, arena);
            List<Outcome> outcomes = new ArrayList<>();
            for (QuantType type : QuantType.values()) {
                check.addMatrixKernels(type, outcomes);
            }
            outcomes.add(new Outcome("quantize", check.quantize()));
            for (KvType type : KvType.values()) {
                check.addAttention(type, outcomes);
            }
            for (RopeShape.Pairing pairing : RopeShape.Pairing.values()) {
                outcomes.add(new Outcome("rope of " + pairing, check.rope(pairing)));
            }
            for (Activation activation : Activation.values()) {
                outcomes.add(new Outcome("gate of " + activation, check.gate(activation)));
            }
            check.addRowKernels(outcomes);
            return outcomes;
        }
    }

    private void addRowKernels(List<Outcome> outcomes) {
        Rows other = random(1);
        Rows x = random(1);
        Rows y = rows(1, COLUMNS);
        kernels.rmsNorm(x, other, 1e-5f, y, 0);
        outcomes.add(new Outcome("rmsNorm", bits(y)));
        kernels.add(x, other, 0);
        outcomes.add(new Outcome("add", bits(x)));
        kernels.addBias(x, other, 0);
        outcomes.add(new Outcome("addBias", bits(x)));
        kernels.addScaled(x, 0, other, 0, 0.3f);
        outcomes.add(new Outcome("addScaled", bits(x)));
        kernels.scale(x, 1.1f, 0);
        outcomes.add(new Outcome("scale", bits(x)));
        kernels.softcap(x, 5f, 0);
        outcomes.add(new Outcome("softcap", bits(x)));
        kernels.softmax(x, 0);
        outcomes.add(new Outcome("softmax", bits(x)));
    }

    private void addMatrixKernels(QuantType type, List<Outcome> outcomes) {
        TiledMatrix weights = weights(type);
        Rows whole = rows(ROWS, COLUMNS);
        for (int row = 0; row < ROWS; row++) {
            kernels.dequantize(weights, row, whole, row);
        }
        outcomes.add(new Outcome("dequantize of " + type, bits(whole)));
        TileRange tiles = new TileRange(0, weights.tileCount());
        for (int tokenCount : TOKEN_COUNTS) {
            Rows x = random(tokenCount);
            Rows y = rows(tokenCount, ROWS);
            if (type.isFloat()) {
                kernels.matmul(weights, tiles, x, y);
            } else {
                kernels.matmul(weights, tiles, codes(x), y);
            }
            outcomes.add(new Outcome("matmul of " + type, bits(y)));
        }
    }

    /// The groups of the first row after those of the second and so on, wherever a set puts them.
    private byte[] quantize() {
        Int8Rows codes = codes(random(3));
        ByteBuffer groups = ByteBuffer.allocate((int) codes.data().byteSize());
        for (int row = 0; row < codes.rows(); row++) {
            for (int group = 0; group < codes.groupCount(); group++) {
                long offset = codes.groupOffset(row, group);
                groups.put(codes.data().asSlice(offset, Int8Rows.GROUP_BYTES).asByteBuffer());
            }
        }
        return groups.array();
    }

    private void addAttention(KvType type, List<Outcome> outcomes) {
        KvLayer layer =
                new KvLayer(new KvShape(KV_HEAD_COUNT, HEAD_DIM, type), new LargeMemory(arena));
        layer.reserve(POSITION_COUNT);
        Rows k = random(POSITION_COUNT, KV_HEAD_COUNT * HEAD_DIM);
        Rows v = random(POSITION_COUNT, KV_HEAD_COUNT * HEAD_DIM);
        for (int position = 0; position < POSITION_COUNT; position++) {
            kernels.store(k, v, position, layer, position);
        }
        byte[] block = layer.block(0).toArray(ValueLayout.JAVA_BYTE);
        outcomes.add(new Outcome("store of " + type, block));
        AttentionShape all =
                new AttentionShape(
                        HEAD_COUNT,
                        KV_HEAD_COUNT,
                        HEAD_DIM,
                        0.125f,
                        Float.POSITIVE_INFINITY,
                        Integer.MAX_VALUE);
        outcomes.add(new Outcome("attend to " + type, attend(all, layer)));
        AttentionShape some =
                new AttentionShape(HEAD_COUNT, KV_HEAD_COUNT, HEAD_DIM, 0.125f, 20f, 17);
        outcomes.add(new Outcome("attend to a window of " + type, attend(some, layer)));
    }

    private byte[] attend(AttentionShape shape, KvLayer layer) {
        RowRange tokens = new RowRange(0, 3);
        Rows q = random(tokens.count(), HEAD_COUNT * HEAD_DIM);
        Rows o = rows(tokens.count(), HEAD_COUNT * HEAD_DIM);
        int first = POSITION_COUNT - tokens.count();
        for (int kvHead = 0; kvHead < KV_HEAD_COUNT; kvHead++) {
            kernels.attend(shape, q, tokens, kvHead, layer, first, o);
        }
        return bits(o);
    }

    private byte[] rope(RopeShape.Pairing pairing) {
        Rows x = random(1);
        kernels.rope(x, 0, new RopeShape(pairing, HEAD_DIM, HEAD_DIM), random(1, 2 * HEAD_DIM));
        return bits(x);
    }

    private byte[] gate(Activation activation) {
        Rows gate = random(1);
        kernels.gate(activation, gate, random(1), 0);
        return bits(gate);
    }

    private Int8Rows codes(Rows x) {
        MemorySegment data = arena.allocate(x.rows() * Int8Rows.rowBytes(COLUMNS), 64);
        Int8Rows codes = new Int8Rows(x.rows(), COLUMNS, kernels.panelRows(), data);
        for (int row = 0; row < x.rows(); row++) {
            kernels.quantize(x, codes, row);
        }
        return codes;
    }

    /// Random bytes, block by block, drawn again where they stand for something out of range.
    private TiledMatrix weights(QuantType type) {
        SplittableRandom random = new SplittableRandom(SEED + type.ggufId());
        byte[] stored = new byte[Math.toIntExact(ROWS * type.bytes(COLUMNS))];
        byte[] block = new byte[type.blockBytes()];
        float[] values = new float[type.blockElements()];
        for (int offset = 0; offset < stored.length; offset += block.length) {
            do {
                random.nextBytes(block);
                MemorySegment source = MemorySegment.ofArray(block);
                Dequantizer.dequantize(type, source, 0, values.length, values);
            } while (!inRange(values));
            System.arraycopy(block, 0, stored, offset, block.length);
        }
        MemorySegment source = arena.allocate(stored.length, 64);
        MemorySegment.copy(stored, 0, source, ValueLayout.JAVA_BYTE, 0, stored.length);
        return packed(type, source);
    }

    private TiledMatrix packed(QuantType type, MemorySegment stored) {
        int lanes = kernels.lanes();
        MemorySegment data = arena.allocate(TiledMatrix.bytes(type, ROWS, COLUMNS, lanes), 64);
        TiledMatrix weights = new TiledMatrix(type, ROWS, COLUMNS, lanes, data);
        long rowBytes = type.bytes(COLUMNS);
        for (int tile = 0; tile < weights.tileCount(); tile++) {
            long first = (long) tile * lanes * rowBytes;
            kernels.pack(weights, tile, stored.asSlice(first, weights.tileRows(tile) * rowBytes));
        }
        return weights;
    }

    private static boolean inRange(float[] values) {
        for (float value : values) {
            if (!(Math.abs(value) <= WEIGHT_MAX)) {
                return false;
            }
        }
        return true;
    }

    private Rows random(int count) {
        return random(count, COLUMNS);
    }

    /// The same values for the same shape, whoever asks.
    private Rows random(int count, int columns) {
        SplittableRandom random = new SplittableRandom(SEED + count);
        Rows rows = rows(count, columns);
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < columns; column++) {
                rows.set(row, column, 4 * random.nextFloat() - 2);
            }
        }
        return rows;
    }

    private Rows rows(int count, int columns) {
        return new Rows(count, columns, arena.allocate(Rows.bytes(count, columns), 64));
    }

    /// The values alone; what rows are filled up with means nothing.
    private static byte[] bits(Rows rows) {
        int bytes = Float.BYTES * rows.rows() * rows.columns();
        ByteBuffer bits = ByteBuffer.allocate(bytes);
        for (int row = 0; row < rows.rows(); row++) {
            for (float value : rows.row(row)) {
                bits.putInt(Float.floatToRawIntBits(value));
            }
        }
        return bits.array();
    }
}
