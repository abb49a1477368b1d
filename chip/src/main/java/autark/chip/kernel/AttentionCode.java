package autark.chip.kernel;

import static autark.chip.kernel.At.at;

import autark.chip.AttentionShape;
import autark.chip.KvShape;
import autark.chip.asm.Label;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/// Emits attention of several queries over the blocks of their sequence: query heads that share a
/// key head, of one token or of several consecutive ones, so that keys and values are loaded once
/// for all.
///
/// Arguments: queries of the first token, their outputs, the addresses of the blocks from the first
/// visible one on, the number of blocks, the byte offset of the key head in a block, and in one
/// word the first visible slot of the first block (lower half) and the number of slots of the last
/// block that the first token sees (upper half).
///
/// The steps are those of [AttentionScalar], block by block: scores with a lane a key, the largest
/// so far, exponentials, their sum by the fixed tree, then the values with a lane a component. Keys
/// that a token does not see get minus infinity for a score, so that their exponential is zero;
/// their values are not read for it. Tokens taken together lie in one block, so only the last block
/// has slots that some of them see and others do not; and none of them has a window that begins
/// after the first position.
final class AttentionCode {
    /// What a kernel is made for.
    ///
    /// @param heads query heads taken together
    /// @param tokens consecutive tokens taken together
    /// @param tokenStride bytes from a token's query to the next one's, and likewise of the outputs
    record Form(AttentionShape shape, KvShape kvShape, int heads, int tokens, int tokenStride) {
        int queries() {
            return heads * tokens;
        }

        /// Byte offset of a query or output.
        int offset(int query) {
            return query / heads * tokenStride + query % heads * Float.BYTES * shape.headDim();
        }
    }

    private static final int BLOCK = KvShape.BLOCK_TOKENS;
    private static final int QUERIES_MAX = 8;
    private static final int TEMPORARIES = 2;
    private static final VReg T0 = new VReg(0);
    private static final VReg T1 = new VReg(1);
    private static final int LINE_BYTES = 64;
    private static final int WEIGHTS_BYTES = Float.BYTES * BLOCK;

    private static final Reg QUERY = new Reg(0);
    private static final Reg OUTPUT = new Reg(1);
    private static final Reg TABLE = new Reg(2);
    private static final Reg BLOCKS_LEFT = new Reg(3);
    private static final Reg KEY_OFFSET = new Reg(4);

    /// Bytes: four times the first slot that is visible, negated.
    private static final Reg MINUS_FROM = new Reg(5);

    /// Bytes: four times the slots that the first token sees, negated.
    private static final Reg MINUS_TO = new Reg(6);

    /// What the next block holds of the key head; after the last one, what the first block holds of
    /// the next head, whose turn it is likely to be.
    private static final Reg NEXT = new Reg(7);

    private static final Reg KEYS = new Reg(8);

    /// What hides scores; while values are added, the scales of the next one.
    private static final Reg MASKS = new Reg(9);

    private static final Reg SCALES = MASKS;
    private static final Reg WORK = new Reg(10);
    private static final Reg LEFT = new Reg(11);
    private static final Reg POINTER = new Reg(12);
    private static final Reg VALUES = new Reg(13);

    private final VectorMachine machine;
    private final GeneralMachine general;
    private final Form form;
    private final int lanes;
    private final int vectorBytes;
    private final int scoreVectors;

    /// Working memory: a word a query of each of these, filled up to whole vectors: the largest
    /// score, the correction, the total, the sum of the block. Then the weights of each query, and
    /// the scales of the keys or values of the block, as floats.
    private final int wordsBytes;

    private final int largestAt = 0;
    private final int correctionAt;
    private final int totalAt;
    private final int sumAt;

    /// [#MINUS_TO] of the last block.
    private final int lastToAt;

    /// [#TABLE] of the first block.
    private final int firstAt;

    private final int weightsAt;
    private final int scalesAt;

    private AttentionCode(VectorMachine machine, Form form) {
        this.machine = machine;
        this.general = machine.general();
        this.form = form;
        this.lanes = machine.lanes();
        this.vectorBytes = Float.BYTES * lanes;
        this.scoreVectors = BLOCK / lanes;
        wordsBytes = (form.queries() + lanes - 1) / lanes * vectorBytes;
        correctionAt = wordsBytes;
        totalAt = 2 * wordsBytes;
        sumAt = 3 * wordsBytes;
        lastToAt = 4 * wordsBytes;
        firstAt = lastToAt + Long.BYTES;
        weightsAt = 4 * wordsBytes + LINE_BYTES;
        scalesAt = weightsAt + form.queries() * WEIGHTS_BYTES;
    }

    /// Most queries that are taken together.
    static int queriesMax(VectorMachine machine) {
        int free = machine.registers() - TEMPORARIES - VectorMath.REGISTERS;
        return Math.min(QUERIES_MAX, free / (BLOCK / machine.lanes()));
    }

    /// Most queries that the working memory has room for, beside the scales.
    static int queriesMax(KvShape shape) {
        int words = 4 * Float.BYTES * Math.max(QUERIES_MAX, VectorMachine.VIRTUAL_LANES);
        int room = GeneralMachine.WORK_BYTES_MAX - words - LINE_BYTES - scalesBytes(shape);
        return room / WEIGHTS_BYTES;
    }

    private static int scalesBytes(KvShape shape) {
        return Float.BYTES * BLOCK * shape.groupCount();
    }

    static byte[] emit(VectorMachine machine, Form form) {
        new AttentionCode(machine, form).emit();
        return machine.general().code();
    }

    private void emit() {
        general.begin(scalesAt + scalesBytes(form.kvShape()));
        general.work(WORK);
        general.store64(at(WORK, firstAt), TABLE);
        bounds();
        begin();
        Label nextBlock = new Label();
        general.bind(nextBlock);
        general.load64(KEYS, at(TABLE, 0));
        general.add(TABLE, Long.BYTES);
        general.add(KEYS, KEY_OFFSET);
        visibleEnd();
        scores();
        softmax();
        values();
        general.set(MINUS_FROM, 0);
        general.countDown(BLOCKS_LEFT, nextBlock);
        finish();
        general.end();
    }

    /// The bounds of the last argument, as negated byte counts.
    private void bounds() {
        general.upperHalf(LEFT, MINUS_FROM);
        general.multiply(LEFT, LEFT, -Float.BYTES);
        general.store64(at(WORK, lastToAt), LEFT);
        general.lowerHalf(LEFT, MINUS_FROM);
        general.multiply(MINUS_FROM, LEFT, -Float.BYTES);
    }

    /// Zeros and minus infinities: read from `4 n` bytes before [#hideBehind], 32 floats hide what
    /// is not among the first `n`; read from `4 n` bytes before [#hideBefore], they hide the first
    /// `n`.
    private List<Integer> masks() {
        int infinity = Float.floatToRawIntBits(Float.NEGATIVE_INFINITY);
        List<Integer> words = new ArrayList<>();
        words.addAll(Collections.nCopies(BLOCK + form.tokens(), 0));
        words.addAll(Collections.nCopies(2 * BLOCK, infinity));
        words.addAll(Collections.nCopies(BLOCK, 0));
        return words;
    }

    private int hideBehind() {
        return Float.BYTES * (BLOCK + form.tokens());
    }

    private int hideBefore() {
        return hideBehind() + Float.BYTES * 2 * BLOCK;
    }

    private void begin() {
        machine.constant(T0, Float.NEGATIVE_INFINITY);
        for (int word = 0; word < wordsBytes; word += vectorBytes) {
            machine.store(at(WORK, largestAt + word), T0);
        }
        machine.zero(T0);
        for (int word = 0; word < wordsBytes; word += vectorBytes) {
            machine.store(at(WORK, correctionAt + word), T0);
            machine.store(at(WORK, totalAt + word), T0);
            machine.store(at(WORK, sumAt + word), T0);
        }
        overOutputs(output -> machine.store(output, T0));
    }

    private void overOutputs(Consumer<At> body) {
        for (int query = 0; query < form.queries(); query++) {
            for (int dim = 0; dim < form.shape().headDim(); dim += lanes) {
                body.accept(at(OUTPUT, form.offset(query) + Float.BYTES * dim));
            }
        }
    }

    /// All slots of a block are before the end, but for the last block; behind that there is none.
    private void visibleEnd() {
        Label notLast = new Label();
        Label done = new Label();
        general.move(LEFT, BLOCKS_LEFT);
        general.countDown(LEFT, notLast);
        general.load64(MINUS_TO, at(WORK, lastToAt));
        general.load64(NEXT, at(WORK, firstAt));
        general.load64(NEXT, at(NEXT, 0));
        general.add(NEXT, KEY_OFFSET);
        general.add(NEXT, form.kvShape().headBytes());
        general.jump(done);
        general.bind(notLast);
        general.set(MINUS_TO, -Float.BYTES * BLOCK);
        general.load64(NEXT, at(TABLE, 0));
        general.add(NEXT, KEY_OFFSET);
        general.bind(done);
    }

    /// Asks for the next bytes of the next block, so that they are here when it is its turn.
    private void prefetch(int offset, int bytes) {
        for (int line = 0; line < bytes; line += LINE_BYTES) {
            general.prefetch(at(NEXT, offset + line));
        }
        general.add(NEXT, bytes);
    }

    private VReg score(int query, int vector) {
        return new VReg(TEMPORARIES + query * scoreVectors + vector);
    }

    private int behindScores() {
        return TEMPORARIES + form.queries() * scoreVectors;
    }

    private void scores() {
        overScores(machine::zero);
        general.move(POINTER, QUERY);
        general.move(VALUES, KEYS);
        KvShape kvShape = form.kvShape();
        if (kvShape.type().scaled()) {
            loadScales(kvShape.componentBytes());
            for (int group = 0; group < kvShape.groupCount(); group++) {
                scores(KvShape.GROUP_COMPONENTS, group);
            }
        } else {
            scores(kvShape.headDim(), 0);
        }
        machine.constant(T0, form.shape().scale());
        overScores(score -> machine.multiply(score, score, T0));
        if (form.shape().softcap() != Float.POSITIVE_INFINITY) {
            VectorMath math = new VectorMath(machine, behindScores());
            overScores(score -> math.softcap(score, form.shape().softcap(), T0, T1));
        }
        hide();
    }

    /// The next `count` components of all keys, of one group if there are groups.
    private void scores(int count, int group) {
        int keyBytes = form.kvShape().type().bytes();
        general.set(LEFT, count);
        general.repeat(
                LEFT,
                () -> {
                    prefetch(0, form.kvShape().headBytes() / form.kvShape().headDim());
                    scoresOfComponent(keyBytes, scalesAt + Float.BYTES * BLOCK * group);
                    general.add(POINTER, Float.BYTES);
                    general.add(VALUES, keyBytes * BLOCK);
                });
    }

    /// Converts the scales of the keys or values of the block.
    ///
    /// @param offset bytes from the first key to the scales
    private void loadScales(int offset) {
        for (int i = 0; i < BLOCK * form.kvShape().groupCount(); i += lanes) {
            machine.loadHalves(T0, at(KEYS, offset + KvShape.SCALE_BYTES * i));
            machine.store(at(WORK, scalesAt + Float.BYTES * i), T0);
        }
    }

    private void overScores(Consumer<VReg> body) {
        for (int query = 0; query < form.queries(); query++) {
            for (int i = 0; i < scoreVectors; i++) {
                body.accept(score(query, i));
            }
        }
    }

    /// One component of all keys, as many vectors of them at once as registers hold.
    private void scoresOfComponent(int keyBytes, int scales) {
        int free = machine.registers() - behindScores();
        int together = Math.min(scoreVectors, free);
        for (int first = 0; first < scoreVectors; first += together) {
            VReg[] keys = new VReg[Math.min(together, scoreVectors - first)];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = new VReg(behindScores() + i);
                loadComponents(keys[i], at(VALUES, (first + i) * lanes * keyBytes));
                if (form.kvShape().type().scaled()) {
                    machine.load(T0, at(WORK, scales + (first + i) * vectorBytes));
                    machine.multiply(keys[i], keys[i], T0);
                }
            }
            for (int query = 0; query < form.queries(); query++) {
                machine.broadcast(T0, at(POINTER, form.offset(query)));
                for (int i = 0; i < keys.length; i++) {
                    machine.fma(score(query, first + i), T0, keys[i]);
                }
            }
        }
    }

    private void loadComponents(VReg d, At m) {
        switch (form.kvShape().type()) {
            case F16 -> machine.loadHalves(d, m);
            case F32 -> machine.load(d, m);
            case Q8_0 -> {
                machine.loadSignedBytes(d, m);
                machine.toFloats(d, d);
            }
        }
    }

    /// Scores of hidden keys become minus infinity, whatever they were.
    private void hide() {
        general.address(MASKS, masks());
        for (int query = 0; query < form.queries(); query++) {
            int token = query / form.heads();
            for (int i = 0; i < scoreVectors; i++) {
                int behind = hideBehind() - Float.BYTES * token + i * vectorBytes;
                hide(score(query, i), at(MASKS, MINUS_TO, behind));
                hide(score(query, i), at(MASKS, MINUS_FROM, hideBefore() + i * vectorBytes));
            }
        }
    }

    /// @param mask zero, or the bits of minus infinity, whose sign spreads over all bits
    private void hide(VReg score, At mask) {
        machine.load(T0, mask);
        machine.shiftRightSigned(T1, T0, 31);
        machine.andNot(score, T1, score);
        machine.or(score, score, T0);
    }

    /// Turns scores into weights, with the new largest score of each query; what was summed up
    /// before is corrected by the difference to the old one.
    private void softmax() {
        VectorMath math = new VectorMath(machine, behindScores());
        math.keepExp();
        for (int query = 0; query < form.queries(); query++) {
            weights(query, math);
        }
        VReg correction = new VReg(TEMPORARIES);
        for (int word = 0; word < wordsBytes; word += vectorBytes) {
            machine.load(correction, at(WORK, correctionAt + word));
            math.exp(correction);
            machine.store(at(WORK, correctionAt + word), correction);
            machine.load(T0, at(WORK, totalAt + word));
            machine.multiply(T0, T0, correction);
            machine.load(T1, at(WORK, sumAt + word));
            machine.add(T0, T0, T1);
            machine.store(at(WORK, totalAt + word), T0);
        }
    }

    private void weights(int query, VectorMath math) {
        int word = Float.BYTES * query;
        machine.max(T0, score(query, 0), score(query, 1));
        for (int i = 2; i < scoreVectors; i++) {
            machine.max(T0, T0, score(query, i));
        }
        machine.largestLane(T0, T0, T1);
        machine.broadcast(T1, at(WORK, largestAt + word));
        machine.max(T0, T0, T1);
        machine.storeFirst(at(WORK, largestAt + word), T0);
        machine.subtract(T1, T1, T0);
        machine.storeFirst(at(WORK, correctionAt + word), T1);
        for (int i = 0; i < scoreVectors; i++) {
            VReg score = score(query, i);
            machine.subtract(score, score, T0);
            math.exp(score);
            machine.store(at(WORK, weightsAt(query) + i * vectorBytes), score);
        }
        for (int half = scoreVectors / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                machine.add(score(query, i), score(query, i), score(query, i + half));
            }
        }
        machine.copy(T0, score(query, 0));
        machine.sumLanes(T0, T0, T1);
        machine.storeFirst(at(WORK, sumAt + word), T0);
    }

    private int weightsAt(int query) {
        return weightsAt + query * WEIGHTS_BYTES;
    }

    private void values() {
        if (form.kvShape().type().scaled()) {
            loadScales(valuesBehindKeys() + form.kvShape().componentBytes());
        }
        int vectors = form.shape().headDim() / lanes;
        int together = (machine.registers() - 1) / (form.queries() + 1);
        for (int first = 0; first < vectors; first += together) {
            values(first, Math.min(together, vectors - first));
        }
    }

    /// Adds the visible values to `count` vectors of each output.
    private void values(int first, int count) {
        int bytes = form.kvShape().type().bytes();
        VReg[][] sums = new VReg[form.queries()][count];
        VReg[] values = new VReg[count];
        for (int i = 0; i < count; i++) {
            values[i] = new VReg(1 + i);
        }
        for (int query = 0; query < form.queries(); query++) {
            machine.broadcast(T0, at(WORK, correctionAt + Float.BYTES * query));
            for (int i = 0; i < count; i++) {
                sums[query][i] = new VReg(1 + count * (1 + query) + i);
                machine.load(sums[query][i], output(query, first + i));
                machine.multiply(sums[query][i], sums[query][i], T0);
            }
        }
        firstVisible(first * lanes * bytes);
        general.repeat(
                LEFT,
                () -> {
                    if (first == 0) {
                        prefetchValue();
                    }
                    addValue(sums, values, first, 0);
                });
        addWhatLaterTokensSee(sums, values, first);
        for (int query = 0; query < form.queries(); query++) {
            for (int i = 0; i < count; i++) {
                machine.store(output(query, first + i), sums[query][i]);
            }
        }
    }

    /// Behind the keys of the head, which the scores have asked for.
    private void prefetchValue() {
        int headBytes = form.kvShape().headBytes();
        prefetch(valuesBehindKeys() - headBytes, headBytes / BLOCK);
    }

    /// Bytes from the keys of a head to its values.
    private int valuesBehindKeys() {
        return form.kvShape().kvHeadCount() * form.kvShape().headBytes();
    }

    private At output(int query, int vector) {
        return at(OUTPUT, form.offset(query) + vector * vectorBytes);
    }

    /// Points to the weights and values of the first visible slot, and counts the slots that all
    /// tokens see.
    private void firstVisible(int offset) {
        int bytes = form.kvShape().type().bytes();
        int headDim = form.shape().headDim();
        general.multiply(LEFT, MINUS_FROM, headDim * bytes / Float.BYTES);
        general.address(VALUES, at(KEYS, valuesBehindKeys() + offset));
        general.subtract(VALUES, LEFT);
        general.address(POINTER, at(WORK, weightsAt));
        general.subtract(POINTER, MINUS_FROM);
        if (form.kvShape().type().scaled()) {
            general.multiply(LEFT, MINUS_FROM, form.kvShape().groupCount());
            general.address(SCALES, at(WORK, scalesAt));
            general.subtract(SCALES, LEFT);
        }
        general.move(LEFT, MINUS_FROM);
        general.subtract(LEFT, MINUS_TO);
        general.shiftRight(LEFT, 2);
    }

    /// One slot, for the tokens from `firstToken` on.
    private void addValue(VReg[][] sums, VReg[] values, int first, int firstToken) {
        int bytes = form.kvShape().type().bytes();
        for (int i = 0; i < values.length; i++) {
            loadComponents(values[i], at(VALUES, i * lanes * bytes));
            if (form.kvShape().type().scaled()) {
                int group = (first + i) * lanes / KvShape.GROUP_COMPONENTS;
                At scale = at(SCALES, Float.BYTES * group);
                machine.multiplyBroadcast(values[i], values[i], scale, T0);
            }
        }
        for (int query = firstToken * form.heads(); query < form.queries(); query++) {
            machine.broadcast(T0, at(POINTER, query * WEIGHTS_BYTES));
            for (int i = 0; i < values.length; i++) {
                machine.fma(sums[query][i], T0, values[i]);
            }
        }
        general.add(POINTER, Float.BYTES);
        general.add(VALUES, bytes * form.shape().headDim());
        if (form.kvShape().type().scaled()) {
            general.add(SCALES, Float.BYTES * form.kvShape().groupCount());
        }
    }

    private void addWhatLaterTokensSee(VReg[][] sums, VReg[] values, int first) {
        if (form.tokens() > 1) {
            Label notLast = new Label();
            general.move(LEFT, BLOCKS_LEFT);
            general.countDown(LEFT, notLast);
            for (int token = 1; token < form.tokens(); token++) {
                addValue(sums, values, first, token);
            }
            general.bind(notLast);
        }
    }

    private void finish() {
        for (int query = 0; query < form.queries(); query++) {
            machine.broadcast(T1, at(WORK, totalAt + Float.BYTES * query));
            for (int i = 0; i < form.shape().headDim() / lanes; i++) {
                machine.load(T0, output(query, i));
                machine.divide(T0, T0, T1);
                machine.store(output(query, i), T0);
            }
        }
    }
}
