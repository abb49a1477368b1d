package autark.cli;

import autark.chip.Chip;
import autark.chip.Kernels;
import autark.chip.TwinCheck;
import autark.engine.store.ModelName;
import autark.engine.store.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `autark rehearse`: goes through what a start goes through, and shows nothing of it but which
/// kind of kernels computed, which the launcher wants to know. Java watches and keeps what it
/// learned in a cache, which makes later starts faster.
///
/// The default model answers, if it is here; nothing is fetched. Otherwise a made-up model does,
/// whose answer is known.
@Command(
        name = "rehearse",
        description = {
            "Goes through what a start goes through, without its answer, for Java's start-up cache.",
            "The program ./autark does this after each build."
        },
        footerHeading = "%nExample:%n",
        footer = "  autark rehearse")
final class RehearseCommand implements Callable<Integer> {
    private static final String ANSWER = "Hi.";

    @Spec private CommandSpec spec;

    private final Models models;
    private final ToIntFunction<String[]> program;

    /// @param program runs the program with arguments, without input and output, and tells its exit
    ///   code
    RehearseCommand(Models models, ToIntFunction<String[]> program) {
        this.models = models;
        this.program = program;
    }

    @Override
    public Integer call() throws IOException {
        Kernels kernels = Chip.current().kernels();
        Optional<String> mistake = TwinCheck.mistake(kernels, kernels);
        if (mistake.isPresent()) {
            throw new CommandException("two runs gave different bits: " + mistake.get());
        }
        boolean assembled = !kernels.equals(Chip.current().available().getFirst());
        spec.commandLine().getOut().println(assembled ? "assembled kernels" : "plain Java kernels");
        silent("list");
        Optional<StoredModel> model = models.store().find(ModelName.parse(ModelArgument.DEFAULT));
        return model.isPresent() ? answer(ModelArgument.DEFAULT) : answerOfMadeUpModel();
    }

    private int answerOfMadeUpModel() throws IOException {
        Path folder = Files.createTempDirectory("autark-rehearse");
        Path file = folder.resolve("model.gguf");
        try {
            return answer(Files.write(file, BigramModel.saying(ANSWER)).toString());
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private int answer(String model) {
        return silent("run", "-m", model, "--seed", "0", "--max-tokens", "4", "Hello");
    }

    /// One run of the program inside this process.
    private int silent(String... arguments) {
        return program.applyAsInt(arguments);
    }
}
