package autark.chip.kernel;

import autark.chip.asm.Label;
import java.util.List;

/// The integer half of the machine that kernels are written for: pointers, counters, loops, and
/// words of bits. Each processor family implements it with its own registers and calling
/// conventions.
///
/// A kernel has up to six 64-bit arguments and no result. It begins with [#begin], which leaves the
/// arguments in registers 0 to 5, and ends with [#end].
sealed interface GeneralMachine permits Arm64General, X86General {
    int ARGUMENTS = 6;
    int REGISTERS = 14;

    /// The most bytes of working memory: less than a page, so that no stack guard is jumped over.
    int WORK_BYTES_MAX = 3072;

    /// The first instructions of a kernel: saves what the caller wants back, and takes `workBytes`
    /// of working memory.
    void begin(int workBytes);

    default void begin() {
        begin(0);
    }

    /// `d` becomes the address of the working memory, a multiple of 64.
    void work(Reg d);

    /// The last instructions of a kernel.
    void end();

    /// The finished code with its constants behind it. To be called once, after [#end].
    byte[] code();

    // Pointers and counters, 64 bits wide.

    void set(Reg d, long value);

    void move(Reg d, Reg s);

    void add(Reg d, Reg s);

    void add(Reg d, int value);

    void subtract(Reg d, Reg s);

    /// `d = s * factor`.
    void multiply(Reg d, Reg s, int factor);

    /// `d = m`, the address itself.
    void address(Reg d, At m);

    /// `d` becomes the address of these 32-bit words, which are kept behind the code.
    void address(Reg d, List<Integer> words);

    /// `d` becomes the upper 32 bits of `s`, as a positive number.
    void upperHalf(Reg d, Reg s);

    /// `d` becomes the lower 32 bits of `s`, as a positive number.
    void lowerHalf(Reg d, Reg s);

    /// Asks for the cache line at `m`, which need not be memory of ours.
    void prefetch(At m);

    // Words of bits: what is loaded is widened by zeros, the rest works on 32 bits.

    void load64(Reg d, At m);

    void load32(Reg d, At m);

    void load16(Reg d, At m);

    void load8(Reg d, At m);

    void store64(At m, Reg s);

    void store32(At m, Reg s);

    void store16(At m, Reg s);

    void store8(At m, Reg s);

    void and(Reg d, int mask);

    void or(Reg d, Reg s);

    void shiftLeft(Reg d, int bits);

    void shiftRight(Reg d, int bits);

    // Jumps.

    void bind(Label label);

    void jump(Label label);

    /// Jumps if the register is zero.
    void ifZero(Reg r, Label label);

    /// Subtracts one and jumps while the register is not zero.
    void countDown(Reg counter, Label label);

    /// Repeats `body` as often as `counter` says, at least once; it counts down to zero.
    default void repeat(Reg counter, Runnable body) {
        Label again = new Label();
        bind(again);
        body.run();
        countDown(counter, again);
    }
}
