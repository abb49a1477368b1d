package autark.text.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Works out which values of one kind meet a claim, where sets of them can be joined, met and
/// turned round exactly: `null`, booleans, numbers and strings. (Arrays and objects: [Expansion].)
final class Evaluation<T> {
    private final Goals goals;
    private final Schemas schemas;
    private final Algebra<T> algebra;
    private final Set<Fact> open = new HashSet<>();

    Evaluation(Goals goals, Algebra<T> algebra) {
        this.goals = goals;
        this.schemas = goals.schemas();
        this.algebra = algebra;
    }

    T all(Set<Claim> claims) {
        T set = algebra.all();
        for (Claim claim : claims) {
            set = algebra.and(set, of(claim));
        }
        return set;
    }

    private T of(Claim claim) {
        T set = of(claim.fact());
        return claim.met() ? set : algebra.not(set);
    }

    private T of(Fact fact) {
        return switch (fact) {
            case Fact.Equal(Json value) -> algebra.among(List.of(value));
            case Fact.Either(Set<Claim> claims) -> {
                T set = algebra.none();
                for (Claim claim : claims) {
                    set = algebra.or(set, of(claim));
                }
                yield set;
            }
            case Fact.Valid valid -> valid(valid);
        };
    }

    private T valid(Fact.Valid fact) {
        Node node = fact.node();
        if (node.verdict() != Node.Verdict.KEYWORDS) {
            return node.verdict() == Node.Verdict.TRUE ? algebra.all() : algebra.none();
        }
        goals.charge(4);
        Schemas.checkDepth(open.size(), node);
        if (!open.add(fact)) {
            throw Schemas.circle(node);
        }
        T set = combined(node, schemas.scope(fact.scope(), node));
        open.remove(fact);
        return set;
    }

    private T of(Node node, Scope scope) {
        return of(new Fact.Valid(node, scope));
    }

    private T combined(Node node, Scope scope) {
        if (node.has("$ref") && node.draft() == Draft.DRAFT_7) {
            return of(schemas.target(node, "$ref"), scope);
        }
        T set = algebra.own(node);
        if (node.has("const")) {
            set = algebra.and(set, algebra.among(node.value("const").stream().toList()));
        }
        if (node.has("enum")) {
            set = algebra.and(set, algebra.among(node.items("enum")));
        }
        if (node.has("$ref")) {
            set = algebra.and(set, of(schemas.target(node, "$ref"), scope));
        }
        if (node.has("$dynamicRef")) {
            set = algebra.and(set, of(schemas.dynamicTarget(node, scope), scope));
        }
        for (Node part : node.schemas("allOf")) {
            set = algebra.and(set, of(part, scope));
        }
        if (node.has("anyOf")) {
            set = algebra.and(set, any(node.schemas("anyOf"), scope));
        }
        if (node.has("oneOf")) {
            set = algebra.and(set, one(node.schemas("oneOf"), scope));
        }
        Optional<Node> not = node.schema("not");
        if (not.isPresent()) {
            set = algebra.and(set, algebra.not(of(not.get(), scope)));
        }
        return algebra.and(set, conditional(node, scope));
    }

    private T any(List<Node> nodes, Scope scope) {
        T set = algebra.none();
        for (Node node : nodes) {
            set = algebra.or(set, of(node, scope));
        }
        return set;
    }

    /// Those in one set and in none that came before, beside what was in one before and is not in
    /// this.
    private T one(List<Node> nodes, Scope scope) {
        T once = algebra.none();
        T seen = algebra.none();
        List<T> sets = new ArrayList<>();
        for (Node node : nodes) {
            sets.add(of(node, scope));
        }
        for (T set : sets) {
            once =
                    algebra.or(
                            algebra.and(once, algebra.not(set)),
                            algebra.and(set, algebra.not(seen)));
            seen = algebra.or(seen, set);
        }
        return once;
    }

    private T conditional(Node node, Scope scope) {
        Optional<Node> condition = node.schema("if");
        if (condition.isEmpty() || !node.has("then") && !node.has("else")) {
            return algebra.all();
        }
        T when = of(condition.get(), scope);
        T then = node.schema("then").map(s -> of(s, scope)).orElse(algebra.all());
        T otherwise = node.schema("else").map(s -> of(s, scope)).orElse(algebra.all());
        return algebra.or(algebra.and(when, then), algebra.and(algebra.not(when), otherwise));
    }
}
