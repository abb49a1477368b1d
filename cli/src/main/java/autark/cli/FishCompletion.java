package autark.cli;

import java.util.StringJoiner;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The completion script for the shell fish, which picocli has none for: a line for each command
/// and each option, on the condition that the commands above it are typed already.
final class FishCompletion {
    private FishCompletion() {}

    static String script(CommandSpec root) {
        StringJoiner script = new StringJoiner("\n", "", "\n");
        append(root, "__fish_use_subcommand", script);
        return script.toString();
    }

    /// @param condition when the command is the one that is being completed
    private static void append(CommandSpec command, String condition, StringJoiner script) {
        String start = "complete -c %s -n %s".formatted(command.root().name(), quoted(condition));
        for (CommandLine subcommand : command.subcommands().values()) {
            CommandSpec spec = subcommand.getCommandSpec();
            script.add("%s -f -a %s -d %s".formatted(start, spec.name(), quoted(firstLine(spec))));
        }
        for (OptionSpec option : command.options()) {
            script.add(start + names(option) + " -d " + quoted(firstLine(option.description())));
        }
        for (CommandLine subcommand : command.subcommands().values()) {
            CommandSpec spec = subcommand.getCommandSpec();
            append(spec, "__fish_seen_subcommand_from " + spec.name(), script);
        }
    }

    private static String names(OptionSpec option) {
        StringBuilder names = new StringBuilder();
        for (String name : option.names()) {
            names.append(
                    name.startsWith("--")
                            ? " -l " + name.substring(2)
                            : " -s " + name.substring(1));
        }
        return names + (option.arity().max() > 0 ? " -r" : "");
    }

    private static String firstLine(CommandSpec command) {
        return firstLine(command.usageMessage().description());
    }

    private static String firstLine(String[] description) {
        return description.length == 0 ? "" : description[0];
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
