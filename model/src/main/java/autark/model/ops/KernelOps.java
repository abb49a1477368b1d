package autark.model.ops;

import autark.chip.Int8Rows;
import autark.chip.Kernels;
import autark.chip.KvLayer;
import autark.chip.RowRange;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.WorkerPool;
import autark.chip.quant.TiledMatrix;
import autark.model.Batch;
import autark.model.Scratch;
import autark.model.layer.GroupedAttention;
import autark.model.layer.Linear;
import autark.model.layer.LowRank;
import autark.model.layer.Mlp;
import autark.model.layer.Moe;
import autark.model.layer.RmsNorm;
import autark.model.layer.Rope;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Runs the operations by kernels, split over the threads of a pool: matrices by tile, all else by
/// row. The split never changes a bit, since an item computes its outputs alone and in full.
public final class KernelOps implements Ops {
    /// Weights of a work item at most: they stay in the cache of a core for all tokens.
    private static final long ITEM_BYTES_MAX = 384 << 10;

    /// The same where tokens are few: then weights are read once, and asked for early only within
    /// an item.
    private static final long ITEM_BYTES_MAX_FEW = 4 << 20;

    private static final int FEW_TOKENS = 32;

    /// Tiles of a work item at least: pairs of them share the loads of activations.
    private static final int TILES_MIN = 2;

    /// Tokens of a sequence whose attention is one item.
    private static final int ATTENTION_TOKENS = 16;

    private final Kernels kernels;
    private final WorkerPool pool;
    private final Scratch scratch;

    /// @param scratch where activations are quantized to
    public KernelOps(Kernels kernels, WorkerPool pool, Scratch scratch) {
        this.kernels = kernels;
        this.pool = pool;
        this.scratch = scratch;
    }

    @Override
    public void embed(Linear embedding, Batch batch, Rows x) {
        TiledMatrix rows = embedding.weight();
        pool.run(x.rows(), row -> kernels.dequantize(rows, batch.token(row), x, row));
    }

    @Override
    public void rmsNorm(Rows x, RmsNorm norm, Rows y) {
        if (norm.present()) {
            pool.run(x.rows(), row -> kernels.rmsNorm(x, norm.weight(), norm.epsilon(), y, row));
        }
    }

    /// A projection and where its result goes.
    private record Projection(Linear linear, Rows y) {}

    @Override
    public void linear(Rows x, Linear linear, Rows y) {
        project(x, new Projection(linear, y));
    }

    @Override
    public void qkv(Rows h, GroupedAttention attention, Rows q, Rows k, Rows v) {
        project(
                h,
                new Projection(attention.qProj(), q),
                new Projection(attention.kProj(), k),
                new Projection(attention.vProj(), v));
    }

    @Override
    public void gatedFeedForward(Rows h, Mlp mlp, Rows gate, Rows up, Rows y) {
        project(h, new Projection(mlp.gateProj(), gate), new Projection(mlp.upProj(), up));
        pool.run(gate.rows(), row -> kernels.gate(mlp.activation(), gate, up, row));
        linear(gate, mlp.downProj(), y);
    }

    /// One matrix product of a pass over the threads.
    ///
    /// @param x input, of which a weight of an integer type takes the codes instead
    private record Product(TiledMatrix weight, Rows x, Rows y) {}

    /// What an adapter adds to a projection.
    ///
    /// @param inner `A x`
    /// @param outer `B (A x)`
    private record Addition(LowRank pair, Rows inner, Rows outer, Rows y) {}

    /// Several projections of one input in one pass over the threads; the input is quantized once.
    /// What adapters add takes a second one.
    private void project(Rows x, Projection... projections) {
        List<Addition> additions = additions(x.rows(), projections);
        List<Product> products = new ArrayList<>();
        for (Addition addition : additions) {
            products.add(new Product(addition.pair().a(), x, addition.inner()));
        }
        for (Projection projection : projections) {
            products.add(new Product(projection.linear().weight(), x, projection.y()));
        }
        multiply(products, codes(x, projections));
        for (Projection projection : projections) {
            addBias(projection.linear(), projection.y());
        }
        if (!additions.isEmpty()) {
            add(additions, x.rows());
        }
    }

    /// The input in codes, or no codes if no weight takes them.
    private Int8Rows codes(Rows x, Projection... projections) {
        boolean quantized = false;
        for (Projection projection : projections) {
            quantized |= !projection.linear().weight().type().isFloat();
        }
        Int8Rows codes = scratch.int8(x.rows(), quantized ? x.columns() : 0);
        if (quantized) {
            pool.run(x.rows(), row -> kernels.quantize(x, codes, row));
        }
        return codes;
    }

    private List<Addition> additions(int rows, Projection... projections) {
        List<Addition> additions = new ArrayList<>();
        long used = 0;
        for (Projection projection : projections) {
            if (projection.linear().lowRank().isPresent()) {
                LowRank pair = projection.linear().lowRank().get();
                Rows inner = lowRankRows(used, rows, pair.a().rows());
                used += Rows.bytes(rows, inner.columns());
                Rows outer = lowRankRows(used, rows, pair.b().rows());
                used += Rows.bytes(rows, outer.columns());
                additions.add(new Addition(pair, inner, outer, projection.y()));
            }
        }
        return additions;
    }

    private Rows lowRankRows(long offset, int rows, int columns) {
        return new Rows(rows, columns, scratch.lowRank().asSlice(offset));
    }

    private void add(List<Addition> additions, int rows) {
        List<Product> products = new ArrayList<>();
        for (Addition addition : additions) {
            products.add(new Product(addition.pair().b(), addition.inner(), addition.outer()));
        }
        multiply(products, scratch.int8(rows, 0));
        pool.run(
                rows,
                row -> {
                    for (Addition addition : additions) {
                        float scale = addition.pair().scale();
                        kernels.addScaled(addition.y(), row, addition.outer(), row, scale);
                    }
                });
    }

    /// Several products, whose inputs have as many rows, in one pass over the threads.
    private void multiply(List<Product> products, Int8Rows codes) {
        int tileCount = 0;
        long bytes = 0;
        for (Product product : products) {
            tileCount += product.weight().tileCount();
            bytes += product.weight().data().byteSize();
        }
        long tileBytes = bytes / tileCount;
        long itemBytes = codes.rows() <= FEW_TOKENS ? ITEM_BYTES_MAX_FEW : ITEM_BYTES_MAX;
        int most = Math.max(1, (int) (itemBytes / tileBytes / TILES_MIN));
        int tiles = tileCount;
        pool.runRanges(
                Math.ceilDiv(tileCount, TILES_MIN),
                most,
                (first, end) -> {
                    int last = Math.min(tiles, end * TILES_MIN);
                    multiply(products, codes, new TileRange(first * TILES_MIN, last));
                });
    }

    /// The tiles `range` of all products, counted through.
    private void multiply(List<Product> products, Int8Rows codes, TileRange range) {
        int before = 0;
        for (Product product : products) {
            TiledMatrix weight = product.weight();
            int first = Math.max(range.first() - before, 0);
            int end = Math.min(range.end() - before, weight.tileCount());
            if (first < end) {
                TileRange tiles = new TileRange(first, end);
                if (weight.type().isFloat()) {
                    kernels.matmul(weight, tiles, product.x(), product.y());
                } else {
                    kernels.matmul(weight, tiles, codes, product.y());
                }
            }
            before += weight.tileCount();
        }
    }

    private void addBias(Linear linear, Rows y) {
        if (linear.biased()) {
            pool.run(y.rows(), row -> kernels.addBias(y, linear.bias(), row));
        }
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
                    KvLayer layer = batch.cache(row).layer(layerIndex);
                    kernels.store(k, v, row, layer, batch.position(row));
                });
        List<RowRange> chunks = batch.chunks(ATTENTION_TOKENS);
        int kvHeadCount = attention.shape().kvHeadCount();
        pool.run(
                chunks.size() * kvHeadCount,
                item -> {
                    RowRange rows = chunks.get(item / kvHeadCount);
                    kernels.attend(
                            attention.shape(),
                            q,
                            rows,
                            item % kvHeadCount,
                            batch.cache(rows.first()).layer(layerIndex),
                            batch.position(rows.first()),
                            o);
                });
    }

    @Override
    public void routedFeedForward(Rows h, Moe moe, ExpertScratch scratch, Rows y) {
        Rows probabilities = scratch.routing().first(h.rows());
        linear(h, moe.router(), probabilities);
        pool.run(h.rows(), row -> kernels.softmax(probabilities, row));
        Routing routing = Routing.of(probabilities, moe.usedCount());
        pool.run(y.rows(), row -> y.clearRow(row));
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
        gatedFeedForward(inputs, mlp, gate, up, out);
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
