package autark.chip.kernel;

import autark.chip.Activation;
import autark.chip.Int8Rows;
import autark.chip.RopeShape;
import autark.chip.Rows;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Calls the assembled kernels of single rows. A kernel is assembled when it is first needed.
final class RowKernels {
    private final InstructionSet instructionSet;
    private final CodeSpace space;
    private final int lanes;
    private final Map<Key, MemorySegment> kernels = new ConcurrentHashMap<>();

    RowKernels(InstructionSet instructionSet, CodeSpace space) {
        this.instructionSet = instructionSet;
        this.space = space;
        this.lanes = instructionSet.machine().lanes();
    }

    /// What a kernel is made for.
    private sealed interface Key {
        byte[] emit(VectorMachine machine);
    }

    private enum Plain implements Key {
        ADD(machine -> new RowCode(machine).add()),
        ADD_SCALED(machine -> new RowCode(machine).addScaled()),
        SCALE(machine -> new RowCode(machine).scale()),
        SILU(machine -> new RowCode(machine).gate(Activation.SILU)),
        GELU(machine -> new RowCode(machine).gate(Activation.GELU)),
        SOFTMAX(machine -> new RowCode(machine).softmax()),
        QUANTIZE(QuantizeInt8Code::emit);

        @SuppressWarnings("ImmutableEnumChecker") // all of them are functions without state
        private final Function<VectorMachine, byte[]> emitter;

        Plain(Function<VectorMachine, byte[]> emitter) {
            this.emitter = emitter;
        }

        @Override
        public byte[] emit(VectorMachine machine) {
            return emitter.apply(machine);
        }
    }

    private record Norm(int width, float epsilon) implements Key {
        @Override
        public byte[] emit(VectorMachine machine) {
            return new RowCode(machine).rmsNorm(width, epsilon);
        }
    }

    private record Turn(RopeShape shape) implements Key {
        @Override
        public byte[] emit(VectorMachine machine) {
            return new RowCode(machine).rope(shape);
        }
    }

    private record Cap(float cap) implements Key {
        @Override
        public byte[] emit(VectorMachine machine) {
            return new RowCode(machine).softcap(cap);
        }
    }

    private MemorySegment kernel(Key key) {
        MemorySegment kernel = kernels.get(key);
        return kernel == null ? kernels.computeIfAbsent(key, this::assemble) : kernel;
    }

    private MemorySegment assemble(Key key) {
        return space.seal(key.emit(instructionSet.machine()));
    }

    private static long address(Rows x, int row) {
        Shapes.index(row, x.rows());
        return x.data().address() + x.offset(row, 0);
    }

    private void run(Key key, Rows x, int row, Rows y, int yRow, int factorBits) {
        Shapes.same("columns", y.columns(), x.columns());
        long vectors = x.stride() / lanes;
        try {
            if (vectors > 0) {
                space.call(
                        kernel(key), address(x, row), address(y, yRow), 0, vectors, factorBits, 0);
            }
        } finally {
            Reference.reachabilityFence(x);
            Reference.reachabilityFence(y);
        }
    }

    void add(Rows x, int row, Rows y, int yRow) {
        run(Plain.ADD, x, row, y, yRow, 0);
    }

    void addScaled(Rows x, int row, Rows y, int yRow, float factor) {
        run(Plain.ADD_SCALED, x, row, y, yRow, Float.floatToRawIntBits(factor));
    }

    void scale(Rows x, float factor, int row) {
        run(Plain.SCALE, x, row, x, row, Float.floatToRawIntBits(factor));
    }

    void gate(Activation activation, Rows gate, Rows up, int row) {
        Key key =
                switch (activation) {
                    case SILU -> Plain.SILU;
                    case GELU -> Plain.GELU;
                };
        run(key, gate, row, up, row, 0);
    }

    void softcap(Rows x, float cap, int row) {
        run(new Cap(cap), x, row, x, row, 0);
    }

    /// Whether a span of this width is a whole number of virtual vectors.
    static boolean covers(int width) {
        return width > 0 && width % VectorMachine.VIRTUAL_LANES == 0;
    }

    void rmsNorm(Rows x, Rows weight, float epsilon, Rows y, int row) {
        int width = weight.columns();
        Shapes.multiple("columns of a norm", x.columns(), width);
        Shapes.same("columns of the result", y.columns(), x.columns());
        try {
            space.call(
                    kernel(new Norm(width, epsilon)),
                    address(x, row),
                    weight.data().address(),
                    address(y, row),
                    x.columns() / width,
                    0,
                    0);
        } finally {
            Reference.reachabilityFence(x);
            Reference.reachabilityFence(weight);
            Reference.reachabilityFence(y);
        }
    }

    boolean covers(RopeShape shape) {
        return RowCode.covers(shape, lanes);
    }

    void rope(Rows x, int row, RopeShape shape, Rows factors) {
        Shapes.multiple("columns of heads", x.columns(), shape.headDim());
        Shapes.same("factors", factors.columns(), 2 * shape.ropeDim());
        try {
            space.call(
                    kernel(new Turn(shape)),
                    address(x, row),
                    address(factors, row),
                    0,
                    x.columns() / shape.headDim(),
                    0,
                    0);
        } finally {
            Reference.reachabilityFence(x);
            Reference.reachabilityFence(factors);
        }
    }

    void softmax(Rows x, int row) {
        long spans = x.columns() / VectorMachine.VIRTUAL_LANES;
        try {
            space.call(kernel(Plain.SOFTMAX), address(x, row), 0, 0, spans, 0, 0);
        } finally {
            Reference.reachabilityFence(x);
        }
    }

    void quantize(Rows x, Int8Rows y, int row) {
        Shapes.same("columns of the codes", y.columns(), x.columns());
        Shapes.index(row, y.rows());
        try {
            space.call(
                    kernel(Plain.QUANTIZE),
                    address(x, row),
                    y.data().address() + y.groupOffset(row, 0),
                    y.groupStride(row),
                    y.groupCount(),
                    0,
                    0);
        } finally {
            Reference.reachabilityFence(x);
            Reference.reachabilityFence(y);
        }
    }
}
