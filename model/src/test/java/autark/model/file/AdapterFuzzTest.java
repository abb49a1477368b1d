package autark.model.file;

import static org.assertj.core.api.Assertions.assertThat;

import autark.chip.quant.QuantType;
import autark.model.Batch;
import autark.model.KvCache;
import autark.model.Model;
import autark.model.ModelOptions;
import autark.model.Scratch;
import autark.model.Span;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Thousands of damaged adapters: each is refused by name, or adapts.
///
/// `-Dautark.fuzz.count=1000000` and `-Dautark.fuzz.seed=N` make a longer run or another one.
final class AdapterFuzzTest {
    private static final int COUNT = Integer.getInteger("autark.fuzz.count", 20_000) / 10;
    private static final long SEED = Long.getLong("autark.fuzz.seed", 1);

    /// What a header or a configuration is made of, and what it must not be made of.
    private static final List<String> PIECES =
            List.of(
                    "0",
                    "1",
                    "-1",
                    "4",
                    "32",
                    "512",
                    "1e9",
                    "1.5",
                    "9223372036854775807",
                    "99999999999999999999",
                    "null",
                    "true",
                    "false",
                    "{",
                    "}",
                    "[",
                    "]",
                    "[]",
                    "{}",
                    "\"",
                    ",",
                    ":",
                    "\\u0000",
                    "\"F16\"",
                    "\"F64\"",
                    "\"a\":1,",
                    "lora_A",
                    "lora_B",
                    "\"r\":",
                    "\"__metadata__\":{},",
                    " ",
                    "\u00e9");

    @TempDir Path folder;

    private int working;
    private int refused;

    private void use(Gguf base, Path adapter, String mutant) {
        ModelOptions options = ModelOptions.defaults().withThreadCount(1).withAdapter(adapter);
        try (Model model = Model.load(base, options);
                KvCache cache = model.newCache(4);
                Scratch scratch = model.newScratch(4, 1)) {
            model.forward(Batch.of(new Span(new int[] {1}, cache, Span.Outputs.LAST)), scratch);
            working++;
        } catch (ModelFormatException e) {
            assertThat(e).as(mutant).message().isNotBlank();
            refused++;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(mutant, e);
        }
    }

    private static SplittableRandom random(int number) {
        return new SplittableRandom(SEED * 0x9E37_79B9_7F4A_7C15L + number);
    }

    private void assertBothHappened() {
        assertThat(refused).isGreaterThan(COUNT / 10);
        assertThat(working).isGreaterThan(COUNT / 100);
    }

    @Test
    void damagedGgufFilesAreRefusedOrWork() {
        Path base = TinyAdapter.smooth("llama", folder.resolve("base.gguf"));
        GgufImage good = TinyAdapter.of(base, 2, 4, QuantType.F32, 0.1f, 1).image();
        try (Gguf model = Gguf.open(base)) {
            for (int number = 0; number < COUNT; number++) {
                GgufMutator mutator = new GgufMutator(random(number));
                byte[] mutant = mutator.mutate(good);
                Path file = TinyAdapter.write(folder.resolve("mutant.gguf"), mutant);
                use(model, file, "mutant %d: %s".formatted(number, mutator.wounds()));
            }
        }
        assertBothHappened();
    }

    @Test
    void damagedPeftFoldersAreRefusedOrWork() {
        Path base = TinyAdapter.smooth("qwen3moe", folder.resolve("base.gguf"));
        TinyAdapter good = TinyAdapter.of(base, 2, 4, QuantType.F32, 0.1f, 1);
        try (Gguf model = Gguf.open(base)) {
            for (int number = 0; number < COUNT; number++) {
                Path peft = damagedFolder(good, random(number));
                use(model, peft, "mutant " + number);
            }
        }
        assertBothHappened();
    }

    /// A folder with damage in the header of the weights, in the configuration, or in any bytes.
    private Path damagedFolder(TinyAdapter good, SplittableRandom random) {
        byte[] config = TinyAdapter.json(good.config());
        byte[] weights = good.safetensors().bytes();
        switch (random.nextInt(3)) {
            case 0 ->
                    weights =
                            good.safetensors().bytes(damaged(good.safetensors().header(), random));
            case 1 -> {
                String text = damaged(new String(config, StandardCharsets.UTF_8), random);
                config = text.getBytes(StandardCharsets.UTF_8);
            }
            default -> {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    int most = random.nextBoolean() ? 16 : weights.length;
                    weights[random.nextInt(most)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        TinyAdapter.write(folder.resolve("peft/adapter_config.json"), config);
        TinyAdapter.write(folder.resolve("peft/adapter_model.safetensors"), weights);
        return folder.resolve("peft");
    }

    /// A text with one to three pieces put in, taken out or replaced.
    private static String damaged(String text, SplittableRandom random) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(damaged.length() + 1);
            int end = Math.min(damaged.length(), at + random.nextInt(4));
            String piece = random.nextInt(4) == 0 ? "" : PIECES.get(random.nextInt(PIECES.size()));
            if (random.nextInt(8) == 0) {
                damaged.setLength(at);
            } else {
                damaged.replace(at, end, piece);
            }
        }
        return damaged.toString();
    }
}
