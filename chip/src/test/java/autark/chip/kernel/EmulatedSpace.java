package autark.chip.kernel;

import autark.chip.Int8Rows;
import autark.chip.KvLayer;
import autark.chip.KvShape;
import autark.chip.Rows;
import autark.chip.kernel.GuardedMemory.Side;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/// Where the kernels of AArch64 are called in tests: calls are noted down, and [#run] makes them
/// all in one [Arm64Program].
///
/// Operands are declared before the calls, with their contents. An argument that is an address
/// within one of them becomes its address in the program. After the run, outputs hold what the
/// kernels wrote, and what [#check] was given is checked.
final class EmulatedSpace implements CodeSpace {
    private final Side side;
    private final Arm64Program program = new Arm64Program();
    private final Map<Long, Arm64Program.Kernel> kernels = new HashMap<>();
    private final NavigableMap<Long, Operand> operands = new TreeMap<>();
    private final List<Runnable> checks = new ArrayList<>();
    private String name = "";

    /// Memory here and in the program.
    private record Operand(MemorySegment here, Arm64Program.Buffer there, Access access) {}

    private enum Access {
        INPUT,
        OUTPUT
    }

    /// @param side of the operands, where memory that is not mapped begins
    EmulatedSpace(Side side) {
        this.side = side;
    }

    /// The kernels of NEON, called here.
    NativeKernels kernels() {
        return new NativeKernels(InstructionSet.NEON, this);
    }

    /// Names what is declared and assembled from now on, for messages.
    void name(String what) {
        name = what;
    }

    MemorySegment input(MemorySegment content) {
        return declare(content, content, Access.INPUT);
    }

    MemorySegment output(MemorySegment content) {
        return declare(content, content, Access.OUTPUT);
    }

    Rows input(Rows x) {
        input(x.data());
        return x;
    }

    Rows output(Rows x) {
        output(x.data());
        return x;
    }

    Int8Rows input(Int8Rows x) {
        input(x.data());
        return x;
    }

    TiledMatrix input(TiledMatrix matrix) {
        input(matrix.data());
        return matrix;
    }

    KvLayer input(KvLayer layer) {
        return declare(layer, Access.INPUT);
    }

    KvLayer output(KvLayer layer) {
        return declare(layer, Access.OUTPUT);
    }

    private KvLayer declare(KvLayer layer, Access access) {
        int blocks = layer.capacity() / KvShape.BLOCK_TOKENS;
        MemorySegment table = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, blocks);
        for (int i = 0; i < blocks; i++) {
            MemorySegment block = declare(layer.block(i), layer.block(i), access);
            table.setAtIndex(ValueLayout.JAVA_LONG, i, there(block.address()));
        }
        declare(layer.table().asSlice(0, table.byteSize()), table, Access.INPUT);
        return layer;
    }

    private MemorySegment declare(MemorySegment here, MemorySegment content, Access access) {
        Arm64Program.Buffer there =
                switch (access) {
                    case INPUT -> program.input("input of " + name, content, side);
                    case OUTPUT -> program.output("output of " + name, content, side);
                };
        operands.put(here.address(), new Operand(here, there, access));
        return here;
    }

    private long there(long argument) {
        Map.Entry<Long, Operand> entry = operands.floorEntry(argument);
        if (entry == null || argument >= entry.getKey() + entry.getValue().here().byteSize()) {
            return argument;
        }
        return entry.getValue().there().address() + (argument - entry.getKey());
    }

    @Override
    public MemorySegment seal(byte[] code) {
        Arm64Program.Kernel kernel = program.kernel(name, code);
        kernels.put(kernel.address(), kernel);
        return MemorySegment.ofAddress(kernel.address());
    }

    @Override
    public void call(MemorySegment entry, long a0, long a1, long a2, long a3, long a4, long a5) {
        program.call(
                Objects.requireNonNull(kernels.get(entry.address())),
                there(a0),
                there(a1),
                there(a2),
                there(a3),
                there(a4),
                there(a5));
    }

    /// Checks something after the run.
    void check(Runnable check) {
        checks.add(check);
    }

    void run() {
        Arm64Program.Outputs outputs = program.run();
        for (Operand operand : operands.values()) {
            if (operand.access() == Access.OUTPUT) {
                operand.here().copyFrom(outputs.of(operand.there()));
            }
        }
        checks.forEach(Runnable::run);
    }
}
