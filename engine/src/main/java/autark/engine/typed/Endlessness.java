package autark.engine.typed;

import autark.engine.AnswerTypeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds records of which no finite value exists, for each contains another one of its kind.
final class Endlessness {
    private final Map<String, Definition> definitions;
    private final Set<String> finite = new HashSet<>();

    private Endlessness(Map<String, Definition> definitions) {
        this.definitions = definitions;
    }

    /// @throws AnswerTypeException if there is one; it tells the way around
    static void check(Map<String, Definition> definitions) {
        Endlessness search = new Endlessness(definitions);
        boolean more = true;
        while (more) {
            more = false;
            for (Map.Entry<String, Definition> entry : definitions.entrySet()) {
                if (search.isFinite(entry.getValue())) {
                    more |= search.finite.add(entry.getKey());
                }
            }
        }
        for (String name : definitions.keySet()) {
            if (!search.finite.contains(name)) {
                throw search.endless(name);
            }
        }
    }

    private boolean isFinite(Definition definition) {
        return switch (definition) {
            case Definition.Structure structure -> obstacle(structure).isEmpty();
            case Definition.Variants variants ->
                    variants.byName().values().stream().anyMatch(this::isFinite);
        };
    }

    /// A component that needs a record which is not known to be finite.
    private Optional<Definition.Member> obstacle(Definition.Structure structure) {
        return structure.members().stream()
                .filter(member ->
                        member.shape() instanceof Shape.Named(String name)
                                && !finite.contains(name))
                .findFirst();
    }

    private AnswerTypeException endless(String start) {
        List<String> way = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        String at = start;
        while (seen.add(at)) {
            Definition.Member member = obstacle(AnswerType.definition(definitions, at));
            way.add(at + "." + member.name());
            at = member.shape() instanceof Shape.Named(String name) ? name : at;
        }
        return new AnswerTypeException(
                "%s: found a %s that needs another one without end; make the component Optional or a List"
                        .formatted(String.join(" -> ", way), at));
    }

    private Definition.Member obstacle(Definition definition) {
        return switch (definition) {
            case Definition.Structure structure -> obstacle(structure).orElseThrow();
            case Definition.Variants variants ->
                    obstacle(variants.byName().values().iterator().next()).orElseThrow();
        };
    }
}
