package autark.chip;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.os.ChildJvm;
import autark.chip.os.ExecutableMemory;
import autark.chip.os.ExecutionDeniedException;
import autark.chip.os.NoExecutableMemory;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A system that forbids executable memory for real.
class ExecutionDeniedTest {
    private static final int ROWS = 20;
    private static final int COLUMNS = 64;

    static final class Denied {
        private Denied() {}

        public static void main(String[] arguments) {
            NoExecutableMemory.install();
            try {
                ExecutableMemory.probe();
            } catch (ExecutionDeniedException e) {
                System.out.println("probe refused");
            }
            Chip chip = Chip.current();
            System.out.println(
                    "kernels " + chip.kernels().name() + " of " + chip.available().size());
            System.out.println("notice " + chip.notice());
            System.out.println("bits " + product(chip.kernels()));
        }
    }

    @Test
    void plainJavaRunsSaysSoAndGivesTheSameBits() throws IOException, InterruptedException {
        ChildJvm child = ChildJvm.run(Denied.class);

        assertThat(child.exitCode()).as(child.output()).isZero();
        assertThat(child.output().lines())
                .contains(
                        "probe refused",
                        "kernels scalar of 1",
                        "notice the system refuses executable memory (mprotect: error "
                                + NoExecutableMemory.EPERM
                                + "), so kernels run in plain Java",
                        "bits " + product(Chip.current().kernels()));
    }

    private static int product(Kernels kernels) {
        SplittableRandom random = new SplittableRandom(7);
        try (Arena arena = Arena.ofConfined()) {
            long rowBytes = QuantType.Q8_0.bytes(COLUMNS);
            byte[] bytesOfRows = new byte[ROWS * (int) rowBytes];
            random.nextBytes(bytesOfRows);
            for (int block = 0; block < bytesOfRows.length; block += QuantType.Q8_0.blockBytes()) {
                bytesOfRows[block + 1] = 0x2C; // the high byte of a small half-float scale
            }
            MemorySegment stored = arena.allocate(bytesOfRows.length, 64);
            MemorySegment.copy(
                    bytesOfRows, 0, stored, ValueLayout.JAVA_BYTE, 0, bytesOfRows.length);
            long bytes = TiledMatrix.bytes(QuantType.Q8_0, ROWS, COLUMNS, kernels.lanes());
            MemorySegment tiles = arena.allocate(bytes, 64);
            TiledMatrix weights =
                    new TiledMatrix(QuantType.Q8_0, ROWS, COLUMNS, kernels.lanes(), tiles);
            for (int tile = 0; tile < weights.tileCount(); tile++) {
                long first = (long) tile * weights.lanes() * rowBytes;
                kernels.pack(
                        weights, tile, stored.asSlice(first, weights.tileRows(tile) * rowBytes));
            }
            Rows x = rows(arena, COLUMNS);
            for (int column = 0; column < COLUMNS; column++) {
                x.set(0, column, (float) random.nextDouble(-1, 1));
            }
            Int8Rows codes =
                    new Int8Rows(
                            1,
                            COLUMNS,
                            kernels.panelRows(),
                            arena.allocate(Int8Rows.rowBytes(COLUMNS), 64));
            kernels.quantize(x, codes, 0);
            Rows y = rows(arena, ROWS);
            kernels.matmul(weights, new TileRange(0, weights.tileCount()), codes, y);
            return Arrays.hashCode(y.row(0));
        }
    }

    private static Rows rows(Arena arena, int columns) {
        return new Rows(1, columns, arena.allocate(Rows.bytes(1, columns), 64));
    }
}
