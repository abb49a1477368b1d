package autark.cli;

import autark.engine.store.ModelName;
import autark.engine.store.ModelStore;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `autark rm`: forgets models and deletes their files.
@Command(
        name = "rm",
        description = "Removes models from the store. A file that another name means too stays.",
        footerHeading = "%nExample:%n",
        footer = "  autark rm smollm2:135m")
final class RemoveCommand implements Callable<Integer> {
    private final Models models;

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "The models to remove.")
    private List<ModelName> names;

    RemoveCommand(Models models) {
        this.models = models;
    }

    @Override
    public Integer call() {
        ModelStore store = models.store();
        int exitCode = ExitCode.OK;
        for (ModelName name : names) {
            if (store.remove(name)) {
                spec.commandLine().getOut().println("removed " + name);
            } else {
                spec.commandLine().getErr().println("autark: no model " + name + " here");
                exitCode = ExitCode.SOFTWARE;
            }
        }
        return exitCode;
    }
}
