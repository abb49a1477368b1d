package autark.model.ops;

import autark.chip.Activation;
import autark.chip.Int8Rows;
import autark.chip.Kernels;
import autark.chip.KvBlock;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.WorkerPool;
import autark.chip.quant.TiledMatrix;
import autark.model.Batch;
import autark.model.layer.GroupedAttention;
import autark.model.layer.Linear;
import autark.model.layer.Mlp;
import autark.model.layer.Moe;
import autark.model.layer.RmsNorm;
import autark.model.layer.Rope;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;

/// Runs the operations by kernels, split over the threads of a pool: matrices by tile, all else by
/// row. The split never changes a bit, since an item computes its outputs alone and in full.
public final class KernelOps implements Ops {
    /// Enough for a thread whose core is taken to leave its share to the others.
    private static final int ITEMS_PER_THREAD = 8;

    private final Kernels kernels;
    private final WorkerPool pool;
    private final MemorySegment int8;

    /// @param int8 room for the quantized activations of any projection of the step
    public KernelOps(Kernels kernels, WorkerPool pool, MemorySegment int8) {
        this.kernels = kernels;
        this.pool = pool;
        this.int8 = int8;
    }

    @Override
    public void embed(Linear embedding, Batch batch, Rows x) {
        pool.run(
                x.rows(),
                row -> {
                    float[] values = new float[x.columns()];
                    embedding.weight().row(batch.token(row), values);
                    x.setRow(row, values);
                });
    }

    @Override
    public void rmsNorm(Rows x, RmsNorm norm, Rows y) {
        if (norm.present()) {
            pool.run(x.rows(), row -> kernels.rmsNorm(x, norm.weight(), norm.epsilon(), y, row));
        }
    }

    @Override
    public void linear(Rows x, Linear linear, Rows y) {
        TiledMatrix weight = linear.weight();
        if (weight.type().isFloat()) {
            overTiles(weight, tiles -> kernels.matmul(weight, tiles, x, y));
        } else {
            Int8Rows codes = new Int8Rows(x.rows(), x.columns(), int8);
            pool.run(x.rows(), row -> kernels.quantize(x, codes, row));
            overTiles(weight, tiles -> kernels.matmul(weight, tiles, codes, y));
        }
        if (linear.biased()) {
            pool.run(y.rows(), row -> kernels.addBias(y, linear.bias(), row));
        }
    }

    private void overTiles(TiledMatrix weight, Consumer<TileRange> body) {
        int tileCount = weight.tileCount();
        int itemCount = Math.min(tileCount, pool.threadCount() * ITEMS_PER_THREAD);
        pool.run(
                itemCount,
                item -> {
                    int first = (int) ((long) tileCount * item / itemCount);
                    int end = (int) ((long) tileCount * (item + 1) / itemCount);
                    body.accept(new TileRange(first, end));
                });
    }

    @Override
    public void angles(Rope rope, Batch batch, Rows angles) {
        pool.run(angles.rows(), row -> rope.angles(batch.position(row), angles, row));
    }

    @Override
    public void rope(Rope rope, Rows angles, Rows x) {
        if (rope.shape().ropeDim() > 0) {
            pool.run(x.rows(), row -> kernels.rope(x, row, rope.shape(), angles));
        }
    }

    @Override
    public void attention(
            GroupedAttention attention,
            int layerIndex,
            Batch batch,
            Rows q,
            Rows k,
            Rows v,
            Rows o) {
        pool.run(
                k.rows(),
                row -> {
                    int position = batch.position(row);
                    batch.cache(row)
                            .blocks(layerIndex)
                            .get(position / KvBlock.TOKENS)
                            .store(k, v, row, position % KvBlock.TOKENS);
                });
        int kvHeadCount = attention.shape().kvHeadCount();
        pool.run(
                q.rows() * kvHeadCount,
                item -> {
                    int row = item / kvHeadCount;
                    List<KvBlock> blocks = batch.cache(row).blocks(layerIndex);
                    kernels.attend(
                            attention.shape(),
                            q,
                            row,
                            item % kvHeadCount,
                            blocks,
                            batch.position(row),
                            o);
                });
    }

    @Override
    public void gate(Activation activation, Rows up, Rows gate) {
        pool.run(gate.rows(), row -> kernels.gate(activation, gate, up, row));
    }

    @Override
    public void routedFeedForward(Rows h, Moe moe, ExpertScratch scratch, Rows y) {
        Rows probabilities = scratch.routing().first(h.rows());
        linear(h, moe.router(), probabilities);
        pool.run(h.rows(), row -> kernels.softmax(probabilities, row));
        Routing routing = Routing.of(probabilities, moe.usedCount());
        pool.run(y.rows(), row -> y.setRow(row, new float[y.columns()]));
        for (int expert = 0; expert < moe.experts().size(); expert++) {
            runExpert(h, moe.experts().get(expert), expert, routing, scratch, y);
        }
    }

    private void runExpert(
            Rows h, Mlp mlp, int expert, Routing routing, ExpertScratch scratch, Rows y) {
        int[] rows = routing.rows(expert);
        if (rows.length == 0) {
            return;
        }
        Rows inputs = scratch.h().first(rows.length);
        Rows gate = scratch.gate().first(rows.length);
        Rows up = scratch.up().first(rows.length);
        Rows out = scratch.out().first(rows.length);
        pool.run(rows.length, i -> copyRow(h, rows[i], inputs, i));
        linear(inputs, mlp.gateProj(), gate);
        linear(inputs, mlp.upProj(), up);
        gate(mlp.activation(), up, gate);
        linear(gate, mlp.downProj(), out);
        pool.run(
                rows.length,
                i -> kernels.addScaled(y, rows[i], out, i, routing.weight(rows[i], expert)));
    }

    private static void copyRow(Rows from, int fromRow, Rows to, int toRow) {
        long bytes = 4L * from.columns();
        MemorySegment.copy(
                from.data(), from.offset(fromRow, 0), to.data(), to.offset(toRow, 0), bytes);
    }

    @Override
    public void add(Rows y, Rows x) {
        pool.run(x.rows(), row -> kernels.add(x, y, row));
    }

    @Override
    public void scale(float factor, Rows x) {
        if (factor != 1f) {
            pool.run(x.rows(), row -> kernels.scale(x, factor, row));
        }
    }

    @Override
    public void softcap(float cap, Rows x) {
        if (cap != Float.POSITIVE_INFINITY) {
            pool.run(x.rows(), row -> kernels.softcap(x, cap, row));
        }
    }

    @Override
    public void gatherRows(Rows x, Batch batch, Rows y) {
        pool.run(y.rows(), output -> copyRow(x, batch.outputRow(output), y, output));
    }
}
