package autark.chip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.Int8Rows;
import autark.chip.Kernels;
import autark.chip.Rows;
import autark.chip.TileRange;
import autark.chip.quant.QuantType;
import autark.chip.quant.TiledMatrix;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Law L6: every assembled kernel set that this processor runs equals the scalar twin bit for bit.
class NativeMatmulTest {
    private static final int COLUMNS = 768;

    static List<Arguments> setsAndTypes() {
        List<Arguments> result = new ArrayList<>();
        for (InstructionSet set : sets()) {
            for (QuantType type : QuantType.values()) {
                result.add(Arguments.of(set, type));
            }
        }
        return result;
    }

    static List<InstructionSet> sets() {
        X86Features features = X86Features.ofThisProcessor();
        List<InstructionSet> sets = new ArrayList<>();
        if (features.avx2()) {
            sets.add(InstructionSet.AVX2);
        }
        if (features.avxVnni()) {
            sets.add(InstructionSet.AVXVNNI);
        }
        if (features.avx512()) {
            sets.add(InstructionSet.AVX512);
        }
        return sets;
    }

    @ParameterizedTest
    @MethodSource("setsAndTypes")
    void equalsTheScalarTwin(InstructionSet set, QuantType type) {
        Kernels scalar = new ScalarKernels();
        Kernels kernels = new NativeKernels(set);
        SplittableRandom random = new SplittableRandom(type.ggufId());
        for (int rows : new int[] {1, 16, 37}) {
            MemorySegment stored = RandomWeights.stored(type, rows, COLUMNS, random);
            TiledMatrix wide = RandomWeights.tiled(type, rows, COLUMNS, scalar.lanes(), stored);
            TiledMatrix own = RandomWeights.tiled(type, rows, COLUMNS, kernels.lanes(), stored);
            for (int tokens : tokenCounts()) {
                Rows x = RandomWeights.randomRows(tokens, COLUMNS, random);
                assertThat(product(kernels, own, x))
                        .as("%d rows, %d tokens", rows, tokens)
                        .isDeepEqualTo(product(scalar, wide, x));
            }
        }
    }

    /// Up to 26, what calls take in turns; and more than that.
    private static int[] tokenCounts() {
        return IntStream.concat(IntStream.rangeClosed(1, 26), IntStream.of(50, 98)).toArray();
    }

    private static float[][] product(Kernels kernels, TiledMatrix weights, Rows x) {
        Rows y = RandomWeights.rows(x.rows(), weights.rows());
        TileRange tiles = new TileRange(0, weights.tileCount());
        if (weights.type().isFloat()) {
            kernels.matmul(weights, tiles, x, y);
        } else {
            Int8Rows codes = RandomWeights.quantized(kernels, x);
            kernels.matmul(weights, tiles, codes, y);
        }
        return RandomWeights.toArray(y);
    }
}
