package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.Activation;
import autark.chip.AttentionShape;
import autark.chip.Int8Rows;
import autark.chip.Kernels;
import autark.chip.KvLayer;
import autark.chip.KvShape;
import autark.chip.KvType;
import autark.chip.LargeMemory;
import autark.chip.RopeShape;
import autark.chip.RowRange;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.kernel.GuardedMemory.Side;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Law L6 for AArch64: the kernels of NEON, called in an emulator, equal their scalar twins bit for
/// bit, with operands flush against memory that is not mapped, before them or behind them.
class NeonKernelsTest {
    private static final int LANES = 4;
    private static final int KV_HEADS = 2;
    private static final float[] EXTREMES = {
        0f,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        0x1p-130f,
        -0x1p-126f,
        1e-20f,
        0.1249f,
        -0.125f,
        0.5f,
        -86.9f,
        -87f,
        -87.1f,
        87.9f,
        88f,
        88.1f,
        1e4f,
        -1e4f,
        1e18f,
        -1e18f
    };

    private final SplittableRandom random = new SplittableRandom(11);
    private final Kernels scalar = new ScalarKernels();

    private static Rows copy(Rows x) {
        MemorySegment data = Arena.ofAuto().allocate(x.data().byteSize(), 64);
        return new Rows(x.rows(), x.columns(), data.copyFrom(x.data()));
    }

    private static int[][] bits(Rows x) {
        int[][] bits = new int[x.rows()][x.columns()];
        for (int row = 0; row < x.rows(); row++) {
            for (int column = 0; column < x.columns(); column++) {
                bits[row][column] = Float.floatToRawIntBits(x.get(row, column));
            }
        }
        return bits;
    }

    private static void checkBits(EmulatedSpace space, Rows found, Rows expected, String what) {
        space.check(() -> assertThat(bits(found)).as(what).isDeepEqualTo(bits(expected)));
    }

    private static void checkBytes(
            EmulatedSpace space, MemorySegment found, MemorySegment expected, String what) {
        space.check(() -> assertThat(found.mismatch(expected)).as(what).isEqualTo(-1));
    }

    @ParameterizedTest
    @EnumSource
    void productsEqualTheirTwins(QuantType type) {
        for (Side side : Side.values()) {
            EmulatedSpace space = new EmulatedSpace(side);
            NativeKernels kernels = space.kernels();
            for (int blocks = 1; blocks <= 3; blocks++) {
                int columns = blocks * (type.isFloat() ? 17 : type.blockElements());
                space.name("%s, %d columns".formatted(type, columns));
                products(space, kernels, type, columns);
            }
            space.run();
        }
    }

    /// All numbers of tokens that kernels take together, and a second panel of tokens.
    private void products(EmulatedSpace space, NativeKernels kernels, QuantType type, int columns) {
        TiledMatrix[] weights = {
            weights(space, type, 1, columns),
            weights(space, type, LANES, columns),
            weights(space, type, 2 * LANES + 1, columns)
        };
        for (int tokens : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 85}) {
            Rows x = RandomWeights.randomRows(tokens, columns, random);
            Product product = product(space, type, x, kernels.panelRows());
            for (TiledMatrix w : weights) {
                Rows expected = RandomWeights.rows(tokens, w.rows());
                Rows found = space.output(RandomWeights.rows(tokens, w.rows()));
                product.run(scalar, w, new TileRange(0, w.tileCount()), expected);
                product.run(kernels, w, new TileRange(0, w.tileCount()), found);
                String what = "%d rows, %d columns, %d tokens".formatted(w.rows(), columns, tokens);
                checkBits(space, found, expected, what);
            }
        }
    }

    /// A product with activations that are the same for all kernels.
    @FunctionalInterface
    private interface Product {
        void run(Kernels kernels, TiledMatrix weights, TileRange tiles, Rows y);
    }

    private Product product(EmulatedSpace space, QuantType type, Rows x, int panelRows) {
        if (type.isFloat()) {
            space.input(x);
            return (kernels, weights, tiles, y) -> kernels.matmul(weights, tiles, x, y);
        }
        Int8Rows codes = space.input(quantized(x, panelRows));
        return (kernels, weights, tiles, y) -> kernels.matmul(weights, tiles, codes, y);
    }

    private TiledMatrix weights(EmulatedSpace space, QuantType type, int rows, int columns) {
        MemorySegment stored = RandomWeights.stored(type, rows, columns, random);
        return space.input(RandomWeights.tiled(type, rows, columns, LANES, stored));
    }

    private Int8Rows quantized(Rows x, int panelRows) {
        long bytes = x.rows() * Int8Rows.rowBytes(x.columns());
        MemorySegment data = Arena.ofAuto().allocate(bytes, 64);
        Int8Rows codes = new Int8Rows(x.rows(), x.columns(), panelRows, data);
        for (int row = 0; row < x.rows(); row++) {
            scalar.quantize(x, codes, row);
        }
        return codes;
    }

    /// Every byte of a stored block may be anything.
    private MemorySegment anyBytes(QuantType type, int rows, int columns) {
        byte[] bytes = new byte[(int) (rows * type.bytes(columns))];
        random.nextBytes(bytes);
        MemorySegment stored = Arena.ofAuto().allocate(bytes.length);
        MemorySegment.copy(bytes, 0, stored, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return stored;
    }

    @ParameterizedTest
    @EnumSource
    void packingEqualsItsTwin(QuantType type) {
        int columns = 512;
        for (Side side : Side.values()) {
            EmulatedSpace space = new EmulatedSpace(side);
            NativeKernels kernels = space.kernels();
            for (int rows : new int[] {1, 3, LANES, 2 * LANES + 3}) {
                space.name("packing of %d rows".formatted(rows));
                MemorySegment stored = anyBytes(type, rows, columns);
                TiledMatrix expected = RandomWeights.tiled(type, rows, columns, LANES, stored);
                MemorySegment data = Arena.ofAuto().allocate(expected.data().byteSize(), 64);
                TiledMatrix found = new TiledMatrix(type, rows, columns, LANES, space.output(data));
                for (int tile = 0; tile < found.tileCount(); tile++) {
                    MemorySegment source = RandomWeights.storedTile(found, tile, stored);
                    kernels.pack(found, tile, space.input(source));
                }
                checkBytes(space, found.data(), expected.data(), rows + " rows");
            }
            space.run();
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsOfTilesEqualThoseOfTheTwin(QuantType type) {
        int columns = 512;
        int rows = 2 * LANES + 1;
        for (Side side : Side.values()) {
            EmulatedSpace space = new EmulatedSpace(side);
            NativeKernels kernels = space.kernels();
            space.name("rows of tiles");
            TiledMatrix matrix = weights(space, type, rows, columns);
            Rows expected = RandomWeights.rows(rows, columns);
            Rows found = space.output(RandomWeights.rows(rows, columns));
            for (int row = 0; row < rows; row++) {
                scalar.dequantize(matrix, row, expected, rows - 1 - row);
                kernels.dequantize(matrix, row, found, rows - 1 - row);
            }
            checkBits(space, found, expected, type.name());
            space.run();
        }
    }

    private Rows inputs(int rows, int columns) {
        Rows x = RandomWeights.randomRows(rows, columns, random);
        for (int i = 0; i < rows * columns / 3; i++) {
            float value = EXTREMES[random.nextInt(EXTREMES.length)];
            x.set(random.nextInt(rows), random.nextInt(columns), value);
        }
        return x;
    }

    /// An operation on two matrices that writes to the first.
    @FunctionalInterface
    private interface Operation {
        void run(Kernels kernels, Rows x, Rows y);
    }

    /// Kernels of rows, each compared on copies of the same operands.
    private final class RowChecks {
        private final EmulatedSpace space;
        private final NativeKernels kernels;

        RowChecks(Side side) {
            space = new EmulatedSpace(side);
            kernels = space.kernels();
        }

        void compare(String name, Rows x, Rows y, Operation operation) {
            String what = "%s of %d columns".formatted(name, x.columns());
            space.name(what);
            Rows expected = copy(x);
            operation.run(scalar, expected, y);
            Rows found = space.output(copy(x));
            operation.run(kernels, found, space.input(copy(y)));
            checkBits(space, found, expected, what);
        }

        void run() {
            space.run();
        }
    }

    @ParameterizedTest
    @EnumSource
    void elementwiseKernelsEqualTheirTwins(Side side) {
        RowChecks checks = new RowChecks(side);
        for (int columns : new int[] {1, 5, 16, 31, 64, 576}) {
            Rows x = inputs(3, columns);
            Rows y = inputs(3, columns);
            checks.compare("add", x, y, (kernels, a, b) -> kernels.add(a, b, 2));
            checks.compare("addBias", x, y, (kernels, a, b) -> kernels.addBias(a, b, 1));
            checks.compare(
                    "addScaled", x, y, (kernels, a, b) -> kernels.addScaled(a, 1, b, 2, -0.37f));
            checks.compare("scale", x, y, (kernels, a, b) -> kernels.scale(a, 1.7f, 2));
            checks.compare("softcap", x, y, (kernels, a, b) -> kernels.softcap(a, 30f, 2));
            for (Activation activation : Activation.values()) {
                checks.compare(
                        activation.name(),
                        x,
                        y,
                        (kernels, a, b) -> kernels.gate(activation, a, b, 2));
            }
        }
        checks.run();
    }

    @ParameterizedTest
    @EnumSource
    void normAndSoftmaxEqualTheirTwins(Side side) {
        RowChecks checks = new RowChecks(side);
        for (int width : new int[] {16, 48, 64, 576}) {
            Rows weight = inputs(1, width);
            for (int spans : new int[] {1, 3}) {
                Rows x = RandomWeights.randomRows(2, spans * width, random);
                checks.compare(
                        "rmsNorm",
                        x,
                        weight,
                        (kernels, a, b) -> kernels.rmsNorm(a, b, 1e-5f, a, 1));
                checks.compare("softmax", x, weight, (kernels, a, b) -> kernels.softmax(a, 1));
            }
        }
        Rows zeros = RandomWeights.rows(1, 32);
        for (int column = 0; column < 32; column += 3) {
            zeros.set(0, column, -0f);
        }
        checks.compare("softmax", zeros, zeros, (kernels, a, b) -> kernels.softmax(a, 0));
        checks.run();
    }

    @ParameterizedTest
    @EnumSource
    void ropeEqualsItsTwin(Side side) {
        RowChecks checks = new RowChecks(side);
        for (RopeShape.Pairing pairing : RopeShape.Pairing.values()) {
            for (int[] dims : new int[][] {{64, 64}, {96, 32}, {24, 8}, {80, 48}, {128, 128}}) {
                RopeShape shape = new RopeShape(pairing, dims[0], dims[1]);
                Rows x = inputs(2, 3 * dims[0]);
                Rows factors = RandomWeights.randomRows(2, 2 * dims[1], random);
                checks.compare(
                        "rope " + pairing,
                        x,
                        factors,
                        (kernels, a, b) -> kernels.rope(a, 1, shape, b));
            }
        }
        checks.run();
    }

    @ParameterizedTest
    @EnumSource
    void quantizingEqualsItsTwin(Side side) {
        EmulatedSpace space = new EmulatedSpace(side);
        NativeKernels kernels = space.kernels();
        for (int columns : new int[] {32, 96, 576}) {
            quantize(space, kernels, inputs(1, columns), 12);
            quantize(space, kernels, inputs(7, columns), 3);
            quantize(space, kernels, RandomWeights.randomRows(10, columns, random), 10);
            quantize(space, kernels, RandomWeights.rows(2, columns), 4);
        }
        space.run();
    }

    private void quantize(EmulatedSpace space, NativeKernels kernels, Rows x, int panelRows) {
        String what = "%d x %d in panels of %d".formatted(x.rows(), x.columns(), panelRows);
        space.name("quantizing %s".formatted(what));
        space.input(x);
        Int8Rows expected = quantized(x, panelRows);
        MemorySegment data = Arena.ofAuto().allocate(expected.data().byteSize(), 64);
        data.fill((byte) 0x55); // so that a byte that is not written shows
        Int8Rows found = new Int8Rows(x.rows(), x.columns(), panelRows, space.output(data));
        for (int row = 0; row < x.rows(); row++) {
            kernels.quantize(x, found, row);
        }
        checkBytes(space, found.data(), expected.data(), what);
    }

    private static KvLayer layer(KvShape shape, int positions) {
        KvLayer layer = new KvLayer(shape, new LargeMemory(Arena.ofAuto()));
        layer.reserve(positions);
        return layer;
    }

    @ParameterizedTest
    @EnumSource
    void storingEqualsItsTwin(KvType type) {
        int positions = 40;
        for (Side side : Side.values()) {
            EmulatedSpace space = new EmulatedSpace(side);
            NativeKernels kernels = space.kernels();
            for (int headDim : headDims(type)) {
                KvShape shape = new KvShape(KV_HEADS, headDim, type);
                space.name("storing heads of %d".formatted(headDim));
                Rows k = space.input(inputs(positions, KV_HEADS * headDim));
                Rows v = space.input(inputs(positions, KV_HEADS * headDim));
                KvLayer expected = layer(shape, positions);
                KvLayer found = space.output(layer(shape, positions));
                for (int position = 0; position < positions; position++) {
                    scalar.store(k, v, position, expected, position);
                    kernels.store(k, v, position, found, position);
                }
                for (int i = 0; i < 2; i++) {
                    checkBytes(space, found.block(i), expected.block(i), "heads of " + headDim);
                }
            }
            space.run();
        }
    }

    /// Attention over one layer of stored keys and values.
    private final class AttentionChecks {
        private static final int POSITIONS = 120;

        private final EmulatedSpace space;
        private final NativeKernels kernels;
        private final KvLayer layer;

        AttentionChecks(Side side, KvType type, int headDim) {
            space = new EmulatedSpace(side);
            kernels = space.kernels();
            layer = layer(new KvShape(KV_HEADS, headDim, type), POSITIONS);
            Rows k = RandomWeights.randomRows(POSITIONS, KV_HEADS * headDim, random);
            Rows v = RandomWeights.randomRows(POSITIONS, KV_HEADS * headDim, random);
            for (int position = 0; position < POSITIONS; position++) {
                scalar.store(k, v, position, layer, position);
            }
            space.input(layer);
        }

        void compare(AttentionShape shape, int position, int tokens) {
            String what = "%s, position %d, %d tokens".formatted(shape, position, tokens);
            space.name(what);
            int columns = shape.headCount() * shape.headDim();
            Rows q = space.input(RandomWeights.randomRows(tokens + 1, columns, random));
            Rows expected = RandomWeights.rows(tokens + 1, columns);
            Rows found = space.output(RandomWeights.rows(tokens + 1, columns));
            RowRange rows = new RowRange(1, tokens + 1);
            for (int kvHead = 0; kvHead < KV_HEADS; kvHead++) {
                scalar.attend(shape, q, rows, kvHead, layer, position, expected);
                kernels.attend(shape, q, rows, kvHead, layer, position, found);
            }
            checkBits(space, found, expected, what);
        }

        void run() {
            space.run();
        }
    }

    private static int[] headDims(KvType type) {
        return type.scaled() ? new int[] {32, 96, 256} : new int[] {4, 20, 64, 256};
    }

    private static AttentionShape shape(int groupSize, int headDim, int window) {
        return new AttentionShape(
                groupSize * KV_HEADS, KV_HEADS, headDim, 0.31f, Float.POSITIVE_INFINITY, window);
    }

    @ParameterizedTest
    @EnumSource
    void attentionEqualsItsTwin(KvType type) {
        for (Side side : Side.values()) {
            for (int headDim : headDims(type)) {
                AttentionChecks checks = new AttentionChecks(side, type, headDim);
                for (int groupSize : new int[] {1, 3, 4}) {
                    AttentionShape shape = shape(groupSize, headDim, Integer.MAX_VALUE);
                    for (int position : new int[] {0, 30, 32, 100}) {
                        checks.compare(shape, position, 1);
                    }
                    checks.compare(shape, 0, 5);
                    checks.compare(shape, 61, 7);
                }
                checks.run();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void attentionBehindAWindowEqualsItsTwin(KvType type) {
        for (Side side : Side.values()) {
            AttentionChecks checks = new AttentionChecks(side, type, 32);
            for (int window : new int[] {1, 8, 33, 64}) {
                for (int position : new int[] {0, 5, 31, 63, 100}) {
                    checks.compare(shape(3, 32, window), position, 4);
                }
            }
            checks.run();
        }
    }

    @ParameterizedTest
    @EnumSource
    void attentionWithCappedScoresEqualsItsTwin(KvType type) {
        AttentionShape shape = new AttentionShape(4, KV_HEADS, 64, 0.3f, 2f, Integer.MAX_VALUE);
        for (Side side : Side.values()) {
            AttentionChecks checks = new AttentionChecks(side, type, 64);
            for (int position : new int[] {0, 31, 70}) {
                checks.compare(shape, position, 3);
            }
            checks.run();
        }
    }
}
