package autark.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The settings that hold, and where each comes from: a flag, else a variable, else the file, else
/// the standard.
public final class Configuration {
    /// Variables that all commands read, or that are read before there is a configuration.
    private static final Set<String> OTHER_VARIABLES =
            Set.of("AUTARK_CONFIG", "AUTARK_DATA", "AUTARK_JAVA_HOME", "AUTARK_MODELS");

    private static final String OWN = "AUTARK_";
    private static final String STANDARD = "default";

    private final Map<Setting<?>, Chosen> chosen;
    private final List<String> notes;

    private Configuration(Map<Setting<?>, Chosen> chosen, List<String> notes) {
        this.chosen = chosen;
        this.notes = List.copyOf(notes);
    }

    /// A value that was read.
    ///
    /// @param text as it is shown
    /// @param source where it comes from
    private record Chosen(Object value, String text, String source) {}

    /// A setting as it is shown to the owner.
    ///
    /// @param value empty if there is none
    /// @param source `default`, or a flag, a variable or the file
    public record Line(String key, String value, String source) {}

    /// Puts the settings together.
    ///
    /// @param flags values by the name of the flag that was used
    /// @throws ConfigException if something is unknown or makes no sense; it tells all of it
    public static Configuration of(
            Map<String, String> flags, Map<String, String> environment, Optional<ConfigFile> file) {
        List<String> mistakes = new ArrayList<>();
        file.ifPresent(read -> unknownKeys(read, mistakes));
        unknownVariables(environment, mistakes);
        Map<Setting<?>, Chosen> chosen = new HashMap<>();
        for (Setting<?> setting : Settings.ALL) {
            candidate(setting, flags, environment, file)
                    .ifPresent(found -> {
                        try {
                            chosen.put(setting, found.read(setting));
                        } catch (ConfigException e) {
                            mistakes.add(found.place(setting) + ": " + e.getMessage());
                        }
                    });
        }
        if (!mistakes.isEmpty()) {
            throw new ConfigException(String.join(System.lineSeparator(), mistakes));
        }
        return new Configuration(chosen, OllamaVariables.notes(environment));
    }

    /// A value before it is read.
    private record Candidate(JsonNode node, String source) {
        Chosen read(Setting<?> setting) {
            String text = node.isString() ? node.stringValue() : node.toString();
            return new Chosen(setting.form().read(node), text, source);
        }

        String place(Setting<?> setting) {
            boolean named =
                    source.startsWith("-")
                            || setting.variables().stream().anyMatch(v -> v.name().equals(source));
            return named ? source : setting.key() + " of " + source;
        }
    }

    private static Optional<Candidate> candidate(
            Setting<?> setting,
            Map<String, String> flags,
            Map<String, String> environment,
            Optional<ConfigFile> file) {
        for (String flag : setting.flags()) {
            if (flags.containsKey(flag)) {
                return Optional.of(new Candidate(Form.node(flags.getOrDefault(flag, "")), flag));
            }
        }
        for (Variable variable : setting.variables()) {
            Optional<String> part =
                    Optional.of(environment.getOrDefault(variable.name(), ""))
                            .filter(value -> !value.isEmpty())
                            .flatMap(variable.part());
            if (part.isPresent()) {
                return Optional.of(new Candidate(Form.node(part.get()), variable.name()));
            }
        }
        Optional<Candidate> inFile =
                file.flatMap(read ->
                        read.root()
                                .optional(section(setting))
                                .flatMap(table -> table.optional(name(setting)))
                                .map(node -> new Candidate(node, read.path().toString())));
        return inFile.or(() ->
                Optional.of(setting.standard())
                        .filter(text -> !text.isEmpty())
                        .map(text -> new Candidate(Form.node(text), STANDARD)));
    }

    private static String section(Setting<?> setting) {
        return setting.key().substring(0, setting.key().indexOf('.'));
    }

    private static String name(Setting<?> setting) {
        return setting.key().substring(setting.key().indexOf('.') + 1);
    }

    private static void unknownKeys(ConfigFile file, List<String> mistakes) {
        Map<String, Set<String>> known =
                Settings.ALL.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Configuration::section,
                                        Collectors.mapping(
                                                Configuration::name,
                                                Collectors.toCollection(TreeSet::new))));
        file.root()
                .forEachEntry((section, table) -> {
                    if (!known.containsKey(section) || !table.isObject()) {
                        mistakes.add(
                                "%s: unknown %s; known sections: %s"
                                        .formatted(
                                                file.path(),
                                                section,
                                                String.join(", ", new TreeSet<>(known.keySet()))));
                        return;
                    }
                    Set<String> names = known.getOrDefault(section, Set.of());
                    table.propertyNames().stream()
                            .filter(name -> !names.contains(name))
                            .forEach(name ->
                                    mistakes.add(
                                            "%s: unknown %s.%s; known in [%s]: %s"
                                                    .formatted(
                                                            file.path(),
                                                            section,
                                                            name,
                                                            section,
                                                            String.join(", ", names))));
                });
    }

    private static void unknownVariables(Map<String, String> environment, List<String> mistakes) {
        Set<String> known = new TreeSet<>(OTHER_VARIABLES);
        for (Setting<?> setting : Settings.ALL) {
            setting.variables().stream()
                    .map(Variable::name)
                    .filter(name -> name.startsWith(OWN))
                    .forEach(known::add);
        }
        new TreeSet<>(environment.keySet())
                .stream()
                        .filter(name -> name.startsWith(OWN) && !known.contains(name))
                        .forEach(name ->
                                mistakes.add(
                                        "unknown variable %s; known: %s"
                                                .formatted(name, String.join(", ", known))));
    }

    /// The value of a setting that has a standard.
    public <T> T get(Setting<T> setting) {
        return find(setting)
                .orElseThrow(() -> new IllegalStateException(setting.key() + " has no standard"));
    }

    /// The value of a setting, if there is one.
    @SuppressWarnings("unchecked") // the form of the setting has made the value
    public <T> Optional<T> find(Setting<T> setting) {
        return Optional.ofNullable(chosen.get(setting)).map(found -> (T) found.value());
    }

    /// Whether somebody has set it.
    public boolean isSet(Setting<?> setting) {
        Chosen found = chosen.get(setting);
        return found != null && !found.source().equals(STANDARD);
    }

    /// Where the value of a setting comes from, as a mistake in it is told.
    public String place(Setting<?> setting) {
        Chosen found = chosen.get(setting);
        return found == null ? setting.key() : setting.key() + " (" + found.source() + ")";
    }

    /// What was said and cannot be honoured, though it is no mistake.
    public List<String> notes() {
        return notes;
    }

    /// All settings, in the order of [Settings#ALL].
    public List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (Setting<?> setting : Settings.ALL) {
            Chosen found = chosen.getOrDefault(setting, new Chosen("", "", STANDARD));
            lines.add(new Line(setting.key(), found.text(), found.source()));
        }
        return lines;
    }
}
