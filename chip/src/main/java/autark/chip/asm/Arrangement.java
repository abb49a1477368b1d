package autark.chip.asm;

/// How an instruction divides a vector register of AArch64 into lanes: `B8` is `8B` in the manual.
public enum Arrangement {
    B8(0, 0),
    B16(0, 1),
    H4(1, 0),
    H8(1, 1),
    S2(2, 0),
    S4(2, 1),
    D2(3, 1);

    private final int size;
    private final int q;

    Arrangement(int size, int q) {
        this.size = size;
        this.q = q;
    }

    /// The field `size`: lanes have 8 bits shifted by it.
    int size() {
        return size;
    }

    /// The field `Q`: whether the lanes fill 128 bits.
    int q() {
        return q;
    }

    int laneBits() {
        return 8 << size;
    }

    int laneBytes() {
        return 1 << size;
    }
}
