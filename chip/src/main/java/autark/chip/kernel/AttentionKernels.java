package autark.chip.kernel;

import autark.chip.AttentionShape;
import autark.chip.KvBlock;
import autark.chip.Rows;
import autark.chip.os.CodeCall;
import autark.chip.os.ExecutableMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Calls the assembled attention, one query head at a time.
final class AttentionKernels {
    private final InstructionSet instructionSet;
    private final MemorySegment constants;
    private final Map<Integer, MemorySegment> kernels = new ConcurrentHashMap<>();

    /// @param constants the bytes of [KernelConstants]
    AttentionKernels(InstructionSet instructionSet, MemorySegment constants) {
        this.instructionSet = instructionSet;
        this.constants = constants;
    }

    /// Whether there is a kernel for this shape.
    boolean covers(AttentionShape shape) {
        return shape.softcap() == Float.POSITIVE_INFINITY
                && AttentionCode.covers(instructionSet.machine(), shape.headDim());
    }

    void attend(
            AttentionShape shape,
            Rows q,
            int row,
            int kvHead,
            List<KvBlock> blocks,
            int position,
            Rows o) {
        int first = shape.firstVisible(position);
        int firstBlock = first / KvBlock.TOKENS;
        int blockCount = position / KvBlock.TOKENS + 1 - firstBlock;
        MemorySegment kernel = kernels.computeIfAbsent(shape.headDim(), this::assemble);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = arena.allocate(AttentionCode.ARGUMENT_BYTES, 64);
            MemorySegment pointers = arena.allocate((long) Long.BYTES * blockCount, 8);
            for (int i = 0; i < blockCount; i++) {
                long address = blocks.get(firstBlock + i).data().address();
                pointers.set(ValueLayout.JAVA_LONG, (long) Long.BYTES * i, address);
            }
            KvBlock block = blocks.get(firstBlock);
            set(arguments, AttentionCode.BLOCK_POINTERS, pointers.address());
            set(arguments, AttentionCode.BLOCK_COUNT, blockCount);
            set(arguments, AttentionCode.KEY_OFFSET, block.keyOffset(kvHead, 0));
            set(arguments, AttentionCode.VALUE_OFFSET, block.valueOffset(kvHead, 0));
            set(arguments, AttentionCode.MINUS_FROM_BYTES, -4L * (first % KvBlock.TOKENS));
            set(arguments, AttentionCode.MINUS_TO_BYTES, -4L * (position % KvBlock.TOKENS + 1));
            set(arguments, AttentionCode.CONSTANTS, constants.address());
            arguments.set(ValueLayout.JAVA_FLOAT, AttentionCode.SCALE, shape.scale());
            int groupSize = shape.headCount() / shape.kvHeadCount();
            for (int head = kvHead * groupSize; head < (kvHead + 1) * groupSize; head++) {
                long offset = q.offset(row, head * shape.headDim());
                set(arguments, AttentionCode.QUERY, q.data().address() + offset);
                set(
                        arguments,
                        AttentionCode.OUTPUT,
                        o.data().address() + offset(o, row, head, shape));
                CodeCall.call(kernel, arguments);
            }
        } finally {
            Reference.reachabilityFence(q);
            Reference.reachabilityFence(o);
            Reference.reachabilityFence(blocks);
        }
    }

    private static long offset(Rows o, int row, int head, AttentionShape shape) {
        return o.offset(row, head * shape.headDim());
    }

    private static void set(MemorySegment arguments, int offset, long value) {
        arguments.set(ValueLayout.JAVA_LONG, offset, value);
    }

    private MemorySegment assemble(int headDim) {
        return ExecutableMemory.seal(AttentionCode.emit(instructionSet.machine(), headDim));
    }
}
