package autark.cli;

import autark.chip.AvailableMemory;
import autark.engine.Engine;
import autark.engine.EngineOptions;
import autark.server.config.Configuration;
import autark.server.config.Setting;
import autark.server.config.Settings;
import autark.server.http.Door;
import autark.server.models.Inventory;
import autark.server.models.ModelSource;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/// `autark serve --check`: the settings that hold and where they come from, and whether a server
/// could start with them.
final class ServeCheck {
    private final ServePlan plan;
    private final PrintWriter out;
    private boolean good = true;

    ServeCheck(ServePlan plan, PrintWriter out) {
        this.plan = plan;
        this.out = out;
    }

    /// Prints all of it.
    ///
    /// @return whether a server could start
    boolean run() {
        printSettings();
        out.println();
        out.println("models are in " + plan.store().root());
        out.println("keys and what clients keep are in " + plan.dataFolder());
        out.println();
        plan.settings().notes().forEach(note -> out.println("note  " + note));
        check("server: address, port, names, certificate", () -> Door.check(plan.door()));
        check("keys: others need one", this::checkKeys);
        check("models: kernels", plan::chip);
        Inventory inventory = plan.inventory();
        if (!plan.settings().get(Settings.LAZY)) {
            check("models.default: " + plan.model(), () -> checkModel(inventory, plan.model()));
        }
        checkModels(inventory, Settings.FILES);
        checkModels(inventory, Settings.ADAPTERS);
        checkModels(inventory, Settings.ALIASES);
        return good;
    }

    private void printSettings() {
        List<Configuration.Line> lines = plan.settings().lines();
        int keyChars = lines.stream().mapToInt(line -> line.key().length()).max().orElse(1);
        int valueChars = lines.stream().mapToInt(line -> line.value().length()).max().orElse(1);
        for (Configuration.Line line : lines) {
            String value = line.value().isEmpty() ? "-" : line.value();
            out.println(
                    "%s  %s  %s"
                            .formatted(
                                    padded(line.key(), keyChars),
                                    padded(value, valueChars),
                                    line.source()));
        }
    }

    private static String padded(String text, int chars) {
        return text + " ".repeat(Math.max(0, chars - text.length()));
    }

    /// A server that runs has the books of this machine open, so they are looked into only if they
    /// matter.
    private void checkKeys() {
        if (!plan.isForThisMachine()) {
            plan.books(Clock.systemUTC()).close();
        }
    }

    private <V> void checkModels(Inventory inventory, Setting<Map<String, V>> table) {
        for (String name : plan.settings().find(table).orElse(Map.of()).keySet()) {
            check(table.key() + ": " + name, () -> checkModel(inventory, name));
        }
    }

    /// That a model is here, can be read, and fits.
    private void checkModel(Inventory inventory, String name) {
        ModelSource source = inventory.find(name).orElseThrow(() -> ServePlan.absent(name));
        EngineOptions options = plan.engine(source);
        long bytes = Engine.memoryBytes(source.file(), options);
        long available = AvailableMemory.bytes().orElse(Long.MAX_VALUE);
        long most = Math.min(available, plan.limits().memoryBytes());
        if (bytes > most) {
            throw new CommandException(
                    "needs %s of memory, found %s"
                            .formatted(Quantity.bytes(bytes), Quantity.bytes(most)));
        }
    }

    private void check(String what, Runnable check) {
        try {
            check.run();
            out.println("ok    " + what);
        } catch (RuntimeException e) {
            good = false;
            out.println("bad   " + what + ": " + ErrorText.of(e));
        }
    }
}
