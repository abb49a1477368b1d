package autark.chip.kernel;

import autark.chip.AttentionShape;
import autark.chip.KvLayer;
import autark.chip.KvShape;
import autark.chip.RowRange;
import autark.chip.Rows;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Calls the assembled attention, and cuts its work into what a kernel takes together: query heads
/// of one key head, and consecutive tokens within a block. Also stores keys and values.
final class AttentionKernels {
    private final InstructionSet instructionSet;
    private final CodeSpace space;
    private final int lanes;
    private final int queriesMax;
    private final Map<AttentionCode.Form, MemorySegment> kernels = new ConcurrentHashMap<>();
    private final Map<KvShape, MemorySegment> stores = new ConcurrentHashMap<>();

    AttentionKernels(InstructionSet instructionSet, CodeSpace space) {
        VectorMachine machine = instructionSet.machine();
        this.instructionSet = instructionSet;
        this.space = space;
        this.lanes = machine.lanes();
        this.queriesMax = AttentionCode.queriesMax(machine);
    }

    /// Whether there are kernels for this shape.
    boolean covers(KvShape shape) {
        return shape.headDim() % lanes == 0 && queriesMax(shape) > 0;
    }

    private int queriesMax(KvShape shape) {
        return Math.min(queriesMax, AttentionCode.queriesMax(shape));
    }

    void store(Rows k, Rows v, int row, KvLayer layer, int position) {
        KvShape shape = layer.shape();
        Shapes.same("columns of the keys", k.columns(), shape.kvDim());
        Shapes.same("columns of the values", v.columns(), shape.kvDim());
        Shapes.index(row, k.rows());
        Shapes.index(row, v.rows());
        Shapes.index(position, layer.capacity());
        Shapes.present(layer, position / KvShape.BLOCK_TOKENS);
        MemorySegment kernel = stores.computeIfAbsent(shape, this::assembleStore);
        MemorySegment segment = layer.block(position / KvShape.BLOCK_TOKENS);
        long block = segment.address();
        int slot = position % KvShape.BLOCK_TOKENS;
        try {
            space.call(
                    kernel,
                    k.data().address() + k.offset(row, 0),
                    v.data().address() + v.offset(row, 0),
                    block + shape.keyOffset(0, 0) + (long) shape.type().bytes() * slot,
                    block + shape.valueOffset(0, slot),
                    block + shape.keyScaleOffset(0, 0) + (long) KvShape.SCALE_BYTES * slot,
                    block + shape.valueScaleOffset(0, slot));
        } finally {
            Reference.reachabilityFence(k);
            Reference.reachabilityFence(v);
            Reference.reachabilityFence(layer);
        }
    }

    private MemorySegment assembleStore(KvShape shape) {
        return space.seal(KvStoreCode.emit(instructionSet.machine(), shape));
    }

    void attend(
            AttentionShape shape,
            Rows q,
            RowRange rows,
            int kvHead,
            KvLayer layer,
            int position,
            Rows o) {
        check(shape, q, rows, kvHead, layer, o);
        Shapes.index(position + rows.count() - 1, layer.capacity());
        Shapes.present(layer, shape.firstVisible(position) / KvShape.BLOCK_TOKENS);
        int groupSize = shape.headCount() / shape.kvHeadCount();
        int most = queriesMax(layer.shape());
        int done = 0;
        try {
            while (done < rows.count()) {
                int first = position + done;
                int count = Math.min(rows.count() - done, Math.max(1, most / groupSize));
                int tokens = together(shape, first, count);
                for (int head = 0; head < groupSize; head += most) {
                    int heads = Math.min(most, groupSize - head);
                    int column = (kvHead * groupSize + head) * shape.headDim();
                    int row = rows.first() + done;
                    call(
                            new AttentionCode.Form(
                                    shape, layer.shape(), heads, tokens, Float.BYTES * q.stride()),
                            q.data().address() + q.offset(row, column),
                            o.data().address() + o.offset(row, column),
                            layer,
                            kvHead,
                            first);
                }
                done += tokens;
            }
        } finally {
            Reference.reachabilityFence(q);
            Reference.reachabilityFence(o);
            Reference.reachabilityFence(layer);
        }
    }

    private static void check(
            AttentionShape shape, Rows q, RowRange rows, int kvHead, KvLayer layer, Rows o) {
        int columns = shape.headCount() * shape.headDim();
        Shapes.same("columns of the queries", q.columns(), columns);
        Shapes.same("columns of the outputs", o.columns(), columns);
        Shapes.same("width of the keys", layer.shape().headDim(), shape.headDim());
        Shapes.same("heads of the keys", layer.shape().kvHeadCount(), shape.kvHeadCount());
        Shapes.index(kvHead, shape.kvHeadCount());
        for (Rows operand : new Rows[] {q, o}) {
            Shapes.index(rows.first(), operand.rows());
            Shapes.index(rows.end() - 1, operand.rows());
        }
    }

    /// Of `count` consecutive tokens, how many a kernel takes.
    private static int together(AttentionShape shape, int position, int count) {
        int tokens = Math.min(count, KvShape.BLOCK_TOKENS - position % KvShape.BLOCK_TOKENS);
        return shape.firstVisible(position + tokens - 1) == 0 ? tokens : 1;
    }

    private void call(
            AttentionCode.Form form,
            long query,
            long output,
            KvLayer layer,
            int kvHead,
            int position) {
        int first = form.shape().firstVisible(position);
        int firstBlock = first / KvShape.BLOCK_TOKENS;
        long blockCount = position / KvShape.BLOCK_TOKENS + 1L - firstBlock;
        long from = first % KvShape.BLOCK_TOKENS;
        long to = position % KvShape.BLOCK_TOKENS + 1L;
        MemorySegment kernel = kernels.get(form);
        space.call(
                kernel == null ? kernels.computeIfAbsent(form, this::assemble) : kernel,
                query,
                output,
                layer.table().address() + (long) Long.BYTES * firstBlock,
                blockCount,
                layer.shape().keyOffset(kvHead, 0),
                from | to << 32);
    }

    private MemorySegment assemble(AttentionCode.Form form) {
        return space.seal(AttentionCode.emit(instructionSet.machine(), form));
    }
}
