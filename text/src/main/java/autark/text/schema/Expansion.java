package autark.text.schema;

import autark.text.grammar.GrammarException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Spreads what schemas ask of an array, or of an object, into alternatives: sets of rules that are
/// either all obeyed or not. Negation goes inward until it meets a rule, and each rule's opposite
/// is made of rules again, so that `not`, `oneOf` and `if` are exact.
///
/// `unevaluatedProperties` and `unevaluatedItems` see what successful neighbours evaluated. Under
/// them `anyOf` becomes one alternative for each set of branches that are claimed to succeed: to
/// claim fewer than do succeed only makes the rest stricter, so nothing wrong gets in, and the
/// largest set is among them, so nothing right is lost.
final class Expansion<R, E> {
    private final Goals goals;
    private final RuleBook<R, E> book;
    private final Set<Claim> open = new HashSet<>();

    Expansion(Goals goals, RuleBook<R, E> book) {
        this.goals = goals;
        this.book = book;
    }

    /// The alternatives in which all claims are true; none that holds whenever another does.
    List<Set<R>> all(Set<Claim> claims) {
        List<Alternative<R, E>> all = anything();
        for (Claim claim : claims) {
            all = product(all, of(claim, false));
        }
        List<Set<R>> rules = new ArrayList<>();
        for (Alternative<R, E> alternative : all) {
            rules.add(alternative.rules());
        }
        return rules;
    }

    private List<Alternative<R, E>> anything() {
        return List.of(new Alternative<>(Set.of(), book.nothing()));
    }

    private List<Alternative<R, E>> plain(List<Set<R>> rules) {
        List<Alternative<R, E>> alternatives = new ArrayList<>();
        for (Set<R> set : rules) {
            alternatives.add(new Alternative<>(set, book.nothing()));
        }
        return simplified(alternatives);
    }

    private List<Alternative<R, E>> of(Claim claim, boolean track) {
        return switch (claim.fact()) {
            case Fact.Equal(Json value) -> equal(value, claim.met());
            case Fact.Either(Set<Claim> claims) -> {
                List<List<Alternative<R, E>>> parts = new ArrayList<>();
                for (Claim part : claims) {
                    parts.add(of(claim.met() ? part : part.opposite(), false));
                }
                yield claim.met() ? sum(parts) : product(parts);
            }
            case Fact.Valid(Node node, Scope scope) -> {
                if (node.verdict() != Node.Verdict.KEYWORDS) {
                    boolean holds = (node.verdict() == Node.Verdict.TRUE) == claim.met();
                    yield holds ? anything() : List.of();
                }
                Schemas.checkDepth(open.size(), node);
                if (!open.add(claim)) {
                    throw Schemas.circle(node);
                }
                Scope inside = goals.schemas().scope(scope, node);
                List<Alternative<R, E>> found =
                        claim.met() ? met(node, inside, track) : broken(node, inside);
                open.remove(claim);
                yield found;
            }
        };
    }

    private List<Alternative<R, E>> equal(Json value, boolean met) {
        Optional<Set<R>> rules = book.equal(value);
        if (rules.isEmpty()) {
            return met ? List.of() : anything();
        }
        return met ? plain(List.of(rules.get())) : plain(opposites(rules.get()));
    }

    private List<Set<R>> opposites(Set<R> rules) {
        List<Set<R>> opposites = new ArrayList<>();
        for (R rule : rules) {
            opposites.addAll(book.opposite(rule));
        }
        return opposites;
    }

    private List<Alternative<R, E>> met(Node node, Scope scope, boolean trackAbove) {
        if (node.has("$ref") && node.draft() == Draft.DRAFT_7) {
            return met(goals.schemas().target(node, "$ref"), scope, trackAbove, true);
        }
        boolean unevaluated = node.has(book.unevaluatedKeyword());
        boolean track = trackAbove || unevaluated;
        Optional<Alternative<R, E>> own = book.own(node, scope);
        if (own.isEmpty()) {
            return List.of();
        }
        Set<R> rules = own.get().rules();
        List<Alternative<R, E>> all =
                track ? simplified(List.of(own.get())) : plain(List.of(rules));
        for (Json value : node.value("const").stream().toList()) {
            all = product(all, equal(value, true));
        }
        if (node.has("enum")) {
            all = product(all, among(node.items("enum")));
        }
        if (node.has("$ref")) {
            Node target = goals.schemas().target(node, "$ref");
            all = product(all, met(target, scope, track, true));
        }
        if (node.has("$dynamicRef")) {
            Node target = goals.schemas().dynamicTarget(node, scope);
            all = product(all, met(target, scope, track, true));
        }
        for (Node part : node.schemas("allOf")) {
            all = product(all, met(part, scope, track, true));
        }
        if (node.has("anyOf")) {
            all = product(all, any(node.schemas("anyOf"), scope, track));
        }
        if (node.has("oneOf")) {
            all = product(all, one(all, node.schemas("oneOf"), scope, track));
        }
        for (Node not : node.schema("not").stream().toList()) {
            all = product(all, met(not, scope, false, false));
        }
        all = product(all, conditional(node, scope, track));
        for (RuleBook.Dependency<R> dependency : book.dependencies(node)) {
            all = product(all, dependent(dependency, scope, track));
        }
        return unevaluated ? withUnevaluated(node, scope, all) : all;
    }

    private List<Alternative<R, E>> met(Node node, Scope scope, boolean track, boolean met) {
        return of(new Claim(new Fact.Valid(node, scope), met), track);
    }

    private List<Alternative<R, E>> among(List<Json> values) {
        List<Set<R>> rules = new ArrayList<>();
        for (Json value : values) {
            book.equal(value).ifPresent(rules::add);
        }
        return plain(rules);
    }

    private List<Alternative<R, E>> any(List<Node> nodes, Scope scope, boolean track) {
        List<Alternative<R, E>> all = new ArrayList<>();
        for (Node node : nodes) {
            List<Alternative<R, E>> branch = met(node, scope, track, true);
            if (track) {
                all.addAll(product(List.copyOf(all), branch));
            }
            all.addAll(branch);
            all = new ArrayList<>(simplified(all));
        }
        return all;
    }

    /// Exactly one branch. A branch that could not succeed together with another anyway is not
    /// asked to fail: with a discriminating property that is all of them.
    private List<Alternative<R, E>> one(
            List<Alternative<R, E>> around, List<Node> nodes, Scope scope, boolean track) {
        List<Alternative<R, E>> all = new ArrayList<>();
        List<List<Alternative<R, E>>> branches = new ArrayList<>();
        for (Node node : nodes) {
            branches.add(met(node, scope, track, true));
        }
        for (int i = 0; i < nodes.size(); i++) {
            List<Alternative<R, E>> one = product(around, branches.get(i));
            for (int j = 0; j < nodes.size() && !one.isEmpty(); j++) {
                if (i != j && !product(one, branches.get(j)).isEmpty()) {
                    one = product(one, met(nodes.get(j), scope, false, false));
                }
            }
            all.addAll(one);
        }
        return simplified(all);
    }

    private List<Alternative<R, E>> conditional(Node node, Scope scope, boolean track) {
        Optional<Node> condition = node.schema("if");
        boolean matters = track || node.has("then") || node.has("else");
        if (condition.isEmpty() || !matters) {
            return anything();
        }
        List<Alternative<R, E>> when = met(condition.get(), scope, track, true);
        List<Alternative<R, E>> unless = met(condition.get(), scope, false, false);
        if (node.has("then")) {
            Node then = node.schema("then").orElseThrow();
            when = product(when, met(then, scope, track, true));
        }
        if (node.has("else")) {
            Node otherwise = node.schema("else").orElseThrow();
            unless = product(unless, met(otherwise, scope, track, true));
        }
        return sum(List.of(when, unless));
    }

    private List<Alternative<R, E>> dependent(
            RuleBook.Dependency<R> dependency, Scope scope, boolean track) {
        return sum(
                List.of(
                        plain(List.of(dependency.absent())),
                        product(
                                plain(List.of(dependency.present())),
                                met(dependency.schema(), scope, track, true))));
    }

    private List<Alternative<R, E>> withUnevaluated(
            Node node, Scope scope, List<Alternative<R, E>> alternatives) {
        Node schema = node.schema(book.unevaluatedKeyword()).orElseThrow();
        List<Alternative<R, E>> all = new ArrayList<>();
        for (Alternative<R, E> alternative : alternatives) {
            Set<R> rules = new LinkedHashSet<>(alternative.rules());
            rules.addAll(book.unevaluated(schema, scope, alternative.evaluated()));
            all.add(new Alternative<>(rules, book.everything()));
        }
        return simplified(all);
    }

    /// The ways to break a schema: break one of its keywords.
    private List<Alternative<R, E>> broken(Node node, Scope scope) {
        if (node.has("$ref") && node.draft() == Draft.DRAFT_7) {
            return met(goals.schemas().target(node, "$ref"), scope, false, false);
        }
        Optional<Alternative<R, E>> own = book.own(node, scope);
        if (own.isEmpty()) {
            return anything();
        }
        if (node.has(book.unevaluatedKeyword())) {
            List<List<Alternative<R, E>>> parts = new ArrayList<>();
            for (Alternative<R, E> way : met(node, scope, true)) {
                parts.add(plain(opposites(way.rules())));
            }
            return product(parts);
        }
        List<List<Alternative<R, E>>> ways = new ArrayList<>();
        ways.add(brokenValues(node));
        for (String reference : List.of("$ref", "$dynamicRef")) {
            if (node.has(reference)) {
                Node target =
                        reference.equals("$ref")
                                ? goals.schemas().target(node, reference)
                                : goals.schemas().dynamicTarget(node, scope);
                ways.add(met(target, scope, false, false));
            }
        }
        for (Node part : node.schemas("allOf")) {
            ways.add(met(part, scope, false, false));
        }
        if (node.has("anyOf")) {
            ways.add(none(node.schemas("anyOf"), scope));
        }
        if (node.has("oneOf")) {
            ways.add(notOne(node.schemas("oneOf"), scope));
        }
        for (Node not : node.schema("not").stream().toList()) {
            ways.add(met(not, scope, false, true));
        }
        ways.add(brokenConditional(node, scope));
        for (RuleBook.Dependency<R> dependency : book.dependencies(node)) {
            ways.add(
                    product(
                            plain(List.of(dependency.present())),
                            met(dependency.schema(), scope, false, false)));
        }
        List<Alternative<R, E>> cheap = sum(ways);
        return cheap.size() == 1 && cheap.getFirst().rules().isEmpty()
                ? cheap
                : sum(List.of(cheap, plain(opposites(own.get().rules()))));
    }

    private List<Alternative<R, E>> brokenValues(Node node) {
        List<List<Alternative<R, E>>> ways = new ArrayList<>();
        for (Json value : node.value("const").stream().toList()) {
            ways.add(equal(value, false));
        }
        if (node.has("enum")) {
            List<List<Alternative<R, E>>> parts = new ArrayList<>();
            for (Json value : node.items("enum")) {
                parts.add(equal(value, false));
            }
            ways.add(product(parts));
        }
        return sum(ways);
    }

    private List<Alternative<R, E>> none(List<Node> nodes, Scope scope) {
        List<List<Alternative<R, E>>> parts = new ArrayList<>();
        for (Node node : nodes) {
            parts.add(met(node, scope, false, false));
        }
        return product(parts);
    }

    /// No branch, or two of them.
    private List<Alternative<R, E>> notOne(List<Node> nodes, Scope scope) {
        List<List<Alternative<R, E>>> ways = new ArrayList<>();
        ways.add(none(nodes, scope));
        for (int i = 0; i < nodes.size(); i++) {
            for (int j = 0; j < i; j++) {
                ways.add(
                        product(
                                met(nodes.get(i), scope, false, true),
                                met(nodes.get(j), scope, false, true)));
            }
        }
        return sum(ways);
    }

    private List<Alternative<R, E>> brokenConditional(Node node, Scope scope) {
        Optional<Node> condition = node.schema("if");
        List<List<Alternative<R, E>>> ways = new ArrayList<>();
        if (condition.isPresent() && node.has("then")) {
            Node then = node.schema("then").orElseThrow();
            ways.add(
                    product(
                            met(condition.get(), scope, false, true),
                            met(then, scope, false, false)));
        }
        if (condition.isPresent() && node.has("else")) {
            Node otherwise = node.schema("else").orElseThrow();
            ways.add(
                    product(
                            met(condition.get(), scope, false, false),
                            met(otherwise, scope, false, false)));
        }
        return sum(ways);
    }

    private List<Alternative<R, E>> sum(List<List<Alternative<R, E>>> parts) {
        List<Alternative<R, E>> all = new ArrayList<>();
        for (List<Alternative<R, E>> part : parts) {
            all.addAll(part);
        }
        return simplified(all);
    }

    private List<Alternative<R, E>> product(List<List<Alternative<R, E>>> parts) {
        List<Alternative<R, E>> all = anything();
        for (List<Alternative<R, E>> part : parts) {
            all = product(all, part);
        }
        return all;
    }

    private List<Alternative<R, E>> product(
            List<Alternative<R, E>> left, List<Alternative<R, E>> right) {
        long size = (long) left.size() * right.size();
        if (size > Limits.CANDIDATES) {
            throw tooMany(size, Limits.CANDIDATES);
        }
        goals.charge(size);
        List<Alternative<R, E>> all = new ArrayList<>();
        for (Alternative<R, E> a : left) {
            for (Alternative<R, E> b : right) {
                Set<R> rules = new LinkedHashSet<>(a.rules());
                rules.addAll(b.rules());
                all.add(new Alternative<>(rules, book.joined(a.evaluated(), b.evaluated())));
            }
        }
        return simplified(all);
    }

    private GrammarException tooMany(long found, int limit) {
        return new GrammarException(
                ("%s: combining schemas ('anyOf', 'oneOf', 'not', 'if', 'enum' or dependencies) gives"
                                + " %d alternatives for one %s, the limit is %d")
                        .formatted(
                                place(),
                                found,
                                book.kind() == Kind.ARRAY ? "array" : "object",
                                limit));
    }

    private String place() {
        for (Claim claim : open) {
            if (claim.fact() instanceof Fact.Valid(Node node, Scope _)) {
                return node.toString();
            }
        }
        return "/";
    }

    /// Without alternatives that are impossible or that another one covers.
    private List<Alternative<R, E>> simplified(List<Alternative<R, E>> alternatives) {
        goals.charge((long) alternatives.size() * (4 + alternatives.size() / 2));
        Map<Alternative<R, E>, Boolean> kept = new LinkedHashMap<>();
        for (Alternative<R, E> alternative : alternatives) {
            goals.charge(alternative.rules().size());
            if (!kept.containsKey(alternative) && !book.impossible(alternative.rules())) {
                kept.put(alternative, true);
            }
        }
        List<Alternative<R, E>> list = List.copyOf(kept.keySet());
        List<Alternative<R, E>> simple = new ArrayList<>();
        for (Alternative<R, E> alternative : list) {
            if (!isCovered(alternative, list)) {
                simple.add(alternative);
            }
        }
        if (simple.size() > Limits.ALTERNATIVES) {
            throw tooMany(simple.size(), Limits.ALTERNATIVES);
        }
        return simple;
    }

    private boolean isCovered(Alternative<R, E> one, List<Alternative<R, E>> all) {
        for (Alternative<R, E> other : all) {
            if (other.rules().size() < one.rules().size()
                    && other.evaluated().equals(one.evaluated())
                    && one.rules().containsAll(other.rules())) {
                return true;
            }
        }
        return false;
    }
}
