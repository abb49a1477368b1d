package autark.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the variables of Ollama's server say, for those who come from there.
public final class OllamaVariables {
    private static final String GPU = "it is for GPUs, of which Autark uses none";
    private static final Pattern HOST =
            Pattern.compile("(?:https?://)?(\\[[0-9a-fA-F:.]+]|[^:/\\[\\]]*)(?::(\\d{1,5}))?/?");

    /// Variables that say nothing here, and why.
    public static final Map<String, String> REFUSED =
            Map.ofEntries(
                    Map.entry("OLLAMA_FLASH_ATTENTION", GPU),
                    Map.entry("OLLAMA_GPU_OVERHEAD", GPU),
                    Map.entry("OLLAMA_INTEL_GPU", GPU),
                    Map.entry("OLLAMA_LLM_LIBRARY", GPU),
                    Map.entry("OLLAMA_SCHED_SPREAD", GPU),
                    Map.entry("OLLAMA_VULKAN", GPU),
                    Map.entry("OLLAMA_DEBUG", "use AUTARK_LOG_LEVEL=debug"),
                    Map.entry("OLLAMA_LOAD_TIMEOUT", "loading has no time limit"),
                    Map.entry(
                            "OLLAMA_MODELS",
                            "its store is another one: autark import FILE takes a model file into"
                                    + " Autark's, whose folder AUTARK_MODELS names"),
                    Map.entry("OLLAMA_MULTIUSER_CACHE", "beginnings are always remembered"),
                    Map.entry("OLLAMA_NEW_ENGINE", "there is one engine"),
                    Map.entry("OLLAMA_NOPRUNE", "nothing is pruned"),
                    Map.entry("OLLAMA_REMOTES", "nothing is asked elsewhere"));

    private OllamaVariables() {}

    /// The variables of an environment that are not honoured, a line each.
    static List<String> notes(Map<String, String> environment) {
        List<String> notes = new ArrayList<>();
        new TreeMap<>(REFUSED)
                .forEach((name, reason) -> {
                    if (!environment.getOrDefault(name, "").isEmpty()) {
                        notes.add("%s is not honoured: %s".formatted(name, reason));
                    }
                });
        return notes;
    }

    /// The host of `OLLAMA_HOST`: `host`, `host:port`, `:port`, each also as a URL.
    static Optional<String> host(String value) {
        Matcher parts = HOST.matcher(value);
        return parts.matches()
                ? Optional.of(parts.group(1)).filter(host -> !host.isEmpty())
                : Optional.of(value); // to be refused as a host
    }

    /// The port of `OLLAMA_HOST`.
    static Optional<String> port(String value) {
        Matcher parts = HOST.matcher(value);
        return parts.matches() ? Optional.ofNullable(parts.group(2)) : Optional.empty();
    }

    /// A count of which 0 means that the server chooses.
    static Optional<String> nonzero(String value) {
        return Optional.of(value).filter(count -> !count.equals("0"));
    }
}
