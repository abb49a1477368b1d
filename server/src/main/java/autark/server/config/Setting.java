package autark.server.config;

import java.util.List;

/// Something that can be set, declared once: reading, help, checks and the reference come from it.
///
/// @param key its place in the file, as `server.port`
/// @param form what its values look like
/// @param standard its value if nobody sets it; empty for none
/// @param variables of the environment that set it, the first that is there
/// @param flags of the command that set it, the first being the one that texts name; none for what
///   stands in the file only
/// @param help what it is for
public record Setting<T>(
        String key,
        Form<T> form,
        String standard,
        List<Variable> variables,
        List<String> flags,
        String help) {
    public Setting {
        variables = List.copyOf(variables);
        flags = List.copyOf(flags);
    }

    static <T> Setting<T> of(String key, Form<T> form, String help) {
        return new Setting<>(key, form, "", List.of(), List.of(), help);
    }

    Setting<T> or(String value) {
        return new Setting<>(key, form, value, variables, flags, help);
    }

    Setting<T> variables(Variable... names) {
        return new Setting<>(key, form, standard, List.of(names), flags, help);
    }

    Setting<T> flags(String... names) {
        return new Setting<>(key, form, standard, variables, List.of(names), help);
    }
}
