package autark.chip.kernel;

import static autark.chip.asm.Gpr.R10;
import static autark.chip.asm.Gpr.R11;
import static autark.chip.asm.Gpr.R8;
import static autark.chip.asm.Gpr.R9;
import static autark.chip.asm.Gpr.RAX;
import static autark.chip.asm.Gpr.RBX;
import static autark.chip.asm.Gpr.RCX;
import static autark.chip.asm.Gpr.RDI;
import static autark.chip.asm.Gpr.RDX;
import static autark.chip.asm.Gpr.RSI;

import autark.chip.KvBlock;
import autark.chip.asm.Gpr;
import autark.chip.asm.Label;
import autark.chip.asm.Mem;
import autark.chip.asm.Vec;
import autark.chip.asm.X86Assembler;

/// Emits attention of one query head over the blocks of its sequence, for a fixed width of head.
///
/// The steps are those of [AttentionScalar], block by block: scores with a lane a key, the largest
/// so far, exponentials, their sum by the fixed tree, then the values with a lane a component. Keys
/// that the token does not see get minus infinity added to their score, so that their exponential
/// is zero; their values are not read.
final class AttentionCode {
    /// Offsets of the arguments behind the one pointer that a kernel gets.
    static final int QUERY = 0;

    static final int BLOCK_POINTERS = 8;
    static final int BLOCK_COUNT = 16;
    static final int KEY_OFFSET = 24;
    static final int VALUE_OFFSET = 32;

    /// Minus four times the first visible key of the first block.
    static final int MINUS_FROM_BYTES = 40;

    /// Minus four times the number of keys of the last block that come before the first hidden one.
    static final int MINUS_TO_BYTES = 48;

    static final int OUTPUT = 56;
    static final int CONSTANTS = 64;
    static final int SCALE = 72;

    /// Working memory, after the arguments.
    private static final int LARGEST = 128;

    private static final int TOTAL = 192;
    private static final int WEIGHTS = 256;
    static final int ARGUMENT_BYTES = 384;

    private static final int OUTPUT_VECTORS_MAX = 8;

    private static final Gpr CONSTANT = RSI;
    private static final Gpr POINTER = R9;
    private static final Gpr BLOCKS_LEFT = RDX;
    private static final Gpr BLOCK = RBX;
    private static final Gpr MINUS_FROM = R10;
    private static final Gpr MINUS_TO = R11;

    private final VectorMachine machine;
    private final X86Assembler asm;
    private final int headDim;
    private final int vectorBytes;
    private final Vec[] scores;
    private final Vec t0;
    private final Vec t1;
    private final Vec t2;
    private final Vec t3;
    private final Vec t4;
    private final Vec largest;
    private final Vec correction;

    private AttentionCode(VectorMachine machine, int headDim) {
        this.machine = machine;
        this.asm = machine.assembler();
        this.headDim = headDim;
        this.vectorBytes = 4 * machine.lanes();
        this.scores = new Vec[KvBlock.TOKENS / machine.lanes()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = machine.vec(i);
        }
        int next = scores.length;
        t0 = machine.vec(next++);
        t1 = machine.vec(next++);
        t2 = machine.vec(next++);
        t3 = machine.vec(next++);
        t4 = machine.vec(next++);
        largest = machine.vec(next);
        correction = machine.vec(OUTPUT_VECTORS_MAX + 2);
    }

    /// Whether there is a kernel for heads of this width.
    static boolean covers(VectorMachine machine, int headDim) {
        return headDim % machine.lanes() == 0;
    }

    /// The machine code for heads of `headDim` components.
    static byte[] emit(VectorMachine machine, int headDim) {
        new AttentionCode(machine, headDim).emit();
        return machine.assembler().toBytes();
    }

    private void emit() {
        asm.push(RBX);
        asm.mov(CONSTANT, Mem.at(RDI, CONSTANTS));
        asm.mov(POINTER, Mem.at(RDI, BLOCK_POINTERS));
        asm.mov(BLOCKS_LEFT, Mem.at(RDI, BLOCK_COUNT));
        asm.mov(MINUS_FROM, Mem.at(RDI, MINUS_FROM_BYTES));
        begin();
        Label nextBlock = new Label();
        asm.bind(nextBlock);
        asm.mov(BLOCK, Mem.at(POINTER, 0));
        asm.add(POINTER, Long.BYTES);
        visibleEnd();
        scores();
        softmax();
        values();
        asm.mov(MINUS_FROM, 0);
        asm.sub(BLOCKS_LEFT, 1);
        asm.jnz(nextBlock);
        finish();
        asm.vzeroupper();
        asm.pop(RBX);
        asm.ret();
    }

    private void begin() {
        broadcast(t0, KernelConstants.MINUS_INFINITY);
        asm.vmovups(Mem.at(RDI, LARGEST), t0);
        asm.vpxor(t0, t0, t0);
        asm.vmovups(Mem.at(RDI, TOTAL), t0);
        asm.mov(R8, Mem.at(RDI, OUTPUT));
        for (int offset = 0; offset < 4 * headDim; offset += vectorBytes) {
            asm.vmovups(Mem.at(R8, offset), t0);
        }
    }

    private void broadcast(Vec d, int constant) {
        asm.vbroadcastss(d, Mem.at(CONSTANT, constant));
    }

    /// All keys of a block are before the end, but for the last block.
    private void visibleEnd() {
        Label notLast = new Label();
        asm.mov(MINUS_TO, -4 * KvBlock.TOKENS);
        asm.mov(RCX, BLOCKS_LEFT);
        asm.sub(RCX, 1);
        asm.jnz(notLast);
        asm.mov(MINUS_TO, Mem.at(RDI, MINUS_TO_BYTES));
        asm.bind(notLast);
    }

    private void scores() {
        for (Vec score : scores) {
            asm.vpxor(score, score, score);
        }
        asm.mov(R8, Mem.at(RDI, QUERY));
        asm.mov(RAX, BLOCK);
        asm.add(RAX, Mem.at(RDI, KEY_OFFSET));
        asm.mov(RCX, headDim);
        Label nextComponent = new Label();
        asm.bind(nextComponent);
        asm.vbroadcastss(t0, Mem.at(R8, 0));
        for (int i = 0; i < scores.length; i++) {
            asm.vmovups(t1, Mem.at(RAX, i * vectorBytes));
            asm.vfmadd231ps(scores[i], t0, t1);
        }
        asm.add(R8, Float.BYTES);
        asm.add(RAX, 4 * KvBlock.TOKENS);
        asm.sub(RCX, 1);
        asm.jnz(nextComponent);
        asm.vbroadcastss(t0, Mem.at(RDI, SCALE));
        for (int i = 0; i < scores.length; i++) {
            asm.vmulps(scores[i], scores[i], t0);
            int behind = KernelConstants.HIDE_BEHIND + i * vectorBytes;
            int before = KernelConstants.HIDE_BEFORE + i * vectorBytes;
            asm.vaddps(scores[i], scores[i], Mem.at(CONSTANT, MINUS_TO, 1, behind));
            asm.vaddps(scores[i], scores[i], Mem.at(CONSTANT, MINUS_FROM, 1, before));
        }
    }

    private void softmax() {
        asm.vmaxps(t0, scores[0], scores[1]);
        for (int i = 2; i < scores.length; i++) {
            asm.vmaxps(t0, t0, scores[i]);
        }
        machine.largestLane(largest, t0, t1);
        asm.vbroadcastss(correction, Mem.at(RDI, LARGEST));
        asm.vmaxps(largest, largest, correction);
        asm.vmovups(Mem.at(RDI, LARGEST), largest);
        asm.vsubps(correction, correction, largest);
        exp(correction);
        for (int i = 0; i < scores.length; i++) {
            asm.vsubps(scores[i], scores[i], largest);
            exp(scores[i]);
            asm.vmovups(Mem.at(RDI, WEIGHTS + i * vectorBytes), scores[i]);
        }
        for (int half = scores.length / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                asm.vaddps(scores[i], scores[i], scores[i + half]);
            }
        }
        machine.sumLanes(scores[0], t0);
        asm.vmovups(t0, Mem.at(RDI, TOTAL));
        asm.vmulps(t0, t0, correction);
        asm.vaddps(t0, t0, scores[0]);
        asm.vmovups(Mem.at(RDI, TOTAL), t0);
    }

    /// [Polynomials#exp] of values that are at most 0.
    private void exp(Vec x) {
        broadcast(t4, KernelConstants.EXP_MIN);
        asm.vsubps(t2, x, t4);
        asm.vpsrad(t2, t2, 31);
        asm.vmaxps(x, x, t4);
        broadcast(t0, KernelConstants.ROUNDER);
        broadcast(t4, KernelConstants.LOG2_E);
        asm.vfmadd231ps(t0, x, t4);
        broadcast(t4, KernelConstants.ROUNDER);
        asm.vsubps(t1, t0, t4);
        broadcast(t4, KernelConstants.MINUS_LN_2_HIGH);
        asm.vfmadd231ps(x, t1, t4);
        broadcast(t4, KernelConstants.MINUS_LN_2_LOW);
        asm.vfmadd231ps(x, t1, t4);
        broadcast(t1, KernelConstants.EXP_C0);
        for (int i = 1; i < KernelConstants.EXP_COEFFICIENTS; i++) {
            broadcast(t4, KernelConstants.EXP_C0 + 4 * i);
            asm.vfmadd213ps(t1, x, t4);
        }
        asm.vmulps(t3, x, x);
        asm.vfmadd213ps(t1, t3, x);
        broadcast(t4, KernelConstants.ONE);
        asm.vaddps(t1, t1, t4);
        asm.vpslld(t0, t0, 23);
        asm.vpaddd(x, t1, t0);
        asm.vpandn(x, t2, x);
    }

    private void values() {
        int vectors = headDim / machine.lanes();
        for (int first = 0; first < vectors; first += OUTPUT_VECTORS_MAX) {
            values(first * vectorBytes, Math.min(OUTPUT_VECTORS_MAX, vectors - first));
        }
    }

    /// Adds the visible values to `count` vectors of the output, `offset` bytes into a head.
    private void values(int offset, int count) {
        Vec weight = machine.vec(OUTPUT_VECTORS_MAX);
        Vec value = machine.vec(OUTPUT_VECTORS_MAX + 1);
        asm.mov(R8, Mem.at(RDI, OUTPUT));
        for (int i = 0; i < count; i++) {
            Vec output = machine.vec(i);
            asm.vmovups(output, Mem.at(R8, offset + i * vectorBytes));
            asm.vmulps(output, output, correction);
        }
        asm.imul(RCX, MINUS_FROM, headDim);
        asm.mov(RAX, BLOCK);
        asm.add(RAX, Mem.at(RDI, VALUE_OFFSET));
        asm.sub(RAX, RCX);
        asm.lea(R8, Mem.at(RDI, WEIGHTS));
        asm.sub(R8, MINUS_FROM);
        asm.mov(RCX, MINUS_FROM);
        asm.sub(RCX, MINUS_TO);
        Label nextKey = new Label();
        asm.bind(nextKey);
        asm.vbroadcastss(weight, Mem.at(R8, 0));
        for (int i = 0; i < count; i++) {
            asm.vmovups(value, Mem.at(RAX, offset + i * vectorBytes));
            asm.vfmadd231ps(machine.vec(i), weight, value);
        }
        asm.add(R8, Float.BYTES);
        asm.add(RAX, 4 * headDim);
        asm.sub(RCX, Float.BYTES);
        asm.jnz(nextKey);
        asm.mov(R8, Mem.at(RDI, OUTPUT));
        for (int i = 0; i < count; i++) {
            asm.vmovups(Mem.at(R8, offset + i * vectorBytes), machine.vec(i));
        }
    }

    private void finish() {
        asm.vbroadcastss(t1, Mem.at(RDI, TOTAL));
        asm.mov(R8, Mem.at(RDI, OUTPUT));
        for (int offset = 0; offset < 4 * headDim; offset += vectorBytes) {
            asm.vmovups(t0, Mem.at(R8, offset));
            asm.vdivps(t0, t0, t1);
            asm.vmovups(Mem.at(R8, offset), t0);
        }
    }
}
