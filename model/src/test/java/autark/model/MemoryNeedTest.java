package autark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.chip.Chip;
import autark.chip.Kernels;
import autark.chip.LargeMemory;
import autark.chip.WorkerPool;
import autark.model.file.Gguf;
import autark.model.file.TinyModel;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryNeedTest {
    private static final long MIB = 1L << 20;

    @TempDir private Path folder;

    @Test
    void theHeaderTellsWhatTheWeightsWillTake() {
        List<Path> models = TinyModel.writeAll(folder);
        assertThat(models).hasSizeGreaterThan(8);
        for (Path model : models) {
            try (Gguf file = Gguf.open(model);
                    WorkerPool pool = WorkerPool.start(1);
                    Arena arena = Arena.ofConfined()) {
                Config config = Config.read(file);
                Kernels kernels = Chip.current().kernels();
                WeightReader weights =
                        new WeightReader(
                                file, Adapter.none(), kernels, pool, new LargeMemory(arena));
                new ModelLoader(file.metadata(), config, weights, config.contextLength()).load();

                assertThat(
                                MemoryNeed.ofWeights(file, Adapter.none(), config, kernels.lanes())
                                        .weightBytes())
                        .as(model.toString())
                        .isEqualTo(weights.allocatedBytes());
            }
        }
    }

    @Test
    void theConfigurationTellsWhatTheBuffersWillTake() {
        for (Path model : TinyModel.writeAll(folder)) {
            try (Gguf file = Gguf.open(model)) {
                Config config = Config.read(file);
                for (int tokens : new int[] {1, 5, 64}) {
                    try (Scratch scratch = new Scratch(config, AdapterRanks.none(), 4, tokens, 3)) {
                        assertThat(Scratch.bytes(config, AdapterRanks.none(), tokens, 3))
                                .as(model.toString())
                                .isEqualTo(scratch.allocatedBytes());
                    }
                }
            }
        }
    }

    @Test
    void aModelThatCannotFitIsRefusedWithTheNumbers() {
        MemoryNeed need = new MemoryNeed(4000 * MIB, 30 * MIB, 2 * MIB);
        assertThatThrownBy(() -> need.check("big.gguf", need.bytes() - 256 * MIB))
                .isInstanceOf(MemoryShortageException.class)
                .hasMessage(
                        "big.gguf: needs 4295 MB of memory (weights 4195, buffers 32, first keys and"
                                + " values 3, program 68), found 4026 MB; take a smaller model or one"
                                + " of fewer bits a weight, or free memory");
    }

    @Test
    void theLastByteDecides() {
        MemoryNeed need = new MemoryNeed(100, 10, 1);
        long bytes = 111 + 64 * MIB;

        assertThatCode(() -> need.check("model", bytes)).doesNotThrowAnyException();
        assertThatThrownBy(() -> need.check("model", bytes - 1))
                .isInstanceOf(MemoryShortageException.class);
    }

    @Test
    void aModelThatFitsExactlyLoadsAndWithAByteLessNoWeightIsRead() {
        Path model = TinyModel.writeAll(folder).getFirst();
        try (Gguf file = Gguf.open(model)) {
            ModelOptions options = ModelOptions.defaults().withThreadCount(1);
            int lanes = options.kernels().lanes();
            long bytes =
                    MemoryNeed.ofWeights(file, Adapter.none(), Config.read(file), lanes).bytes();

            Model.load(file, options.withMemoryBytes(bytes)).close();
            assertThatThrownBy(() -> Model.load(file, options.withMemoryBytes(bytes - 1)))
                    .isInstanceOf(MemoryShortageException.class)
                    .hasMessageStartingWith(model + ": needs");
        }
    }
}
