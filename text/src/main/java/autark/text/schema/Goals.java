package autark.text.schema;

import autark.text.grammar.GrammarException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All goals of a schema: each combination of claims is made once, so that what is worked out for
/// it is kept. Compiling makes those that can be reached; after that, only arrays without equal
/// items make more, one for each set of items that were written, and a few of those are kept.
///
/// Threads: compiling is one thread's; after [#freeze] any may ask.
final class Goals {
    private static final int RECENT = 256;

    private final Schemas schemas;
    private final StringAlgebra strings = new StringAlgebra();
    private final Map<Set<Claim>, Goal> made = new LinkedHashMap<>();
    private final LinkedHashMap<Set<Claim>, Goal> recent = new LinkedHashMap<>(16, 0.75f, true);
    private final Goal anything;
    private final Goal nothing;
    private boolean frozen;
    private long steps;

    Goals(Schemas schemas) {
        this.schemas = schemas;
        anything = goal(Set.of());
        nothing = goal(Set.of(new Claim(new Fact.Either(Set.of()), true)));
    }

    Schemas schemas() {
        return schemas;
    }

    StringAlgebra strings() {
        return strings;
    }

    /// Compiling is over: what is asked for from now on is kept for a while only, and what would be
    /// too large is treated as empty instead of refused.
    void freeze() {
        frozen = true;
    }

    boolean isFrozen() {
        return frozen;
    }

    int count() {
        return made.size();
    }

    /// Counts work, so that no schema takes long to compile.
    void charge(long work) {
        steps += work;
        if (!frozen && steps > Limits.COMPILE_STEPS) {
            throw new GrammarException(
                    "the schema takes more than %d steps to compile; it combines too much"
                            .formatted(Limits.COMPILE_STEPS));
        }
    }

    Goal anything() {
        return anything;
    }

    Goal nothing() {
        return nothing;
    }

    /// To be valid against a schema.
    Goal of(Node node, Scope scope) {
        Node at = node;
        Scope way = scope;
        for (int i = 0; at.verdict() == Node.Verdict.KEYWORDS && at.isReference(); i++) {
            if (i > schemas.byPointer().size()) {
                throw Schemas.circle(node);
            }
            way = schemas.scope(way, at);
            at = schemas.target(at, "$ref");
        }
        return simplified(new LinkedHashSet<>(Set.of(new Claim(new Fact.Valid(at, way), true))));
    }

    /// To equal a value.
    Goal equal(Json value) {
        return goal(Set.of(new Claim(new Fact.Equal(value), true)));
    }

    @SuppressWarnings("ReferenceEquality") // the same goal is seen at once, an equal one in the end
    Goal both(Goal a, Goal b) {
        if (a.equals(b) || b.isAnything()) {
            return a;
        }
        if (a.isAnything()) {
            return b;
        }
        Set<Claim> claims = new LinkedHashSet<>(a.claims());
        claims.addAll(b.claims());
        return simplified(claims);
    }

    Goal either(List<Goal> ways) {
        Set<Claim> claims = new LinkedHashSet<>();
        for (Goal way : ways) {
            if (way.isAnything()) {
                return anything;
            }
            claims.add(asClaim(way));
        }
        return simplified(new LinkedHashSet<>(Set.of(new Claim(new Fact.Either(claims), true))));
    }

    private static Claim asClaim(Goal goal) {
        if (goal.claims().size() == 1) {
            return goal.claims().iterator().next();
        }
        return opposite(goal).opposite();
    }

    private static Claim opposite(Goal goal) {
        Set<Claim> opposites = new LinkedHashSet<>();
        for (Claim claim : goal.claims()) {
            opposites.add(claim.opposite());
        }
        return new Claim(new Fact.Either(opposites), true);
    }

    Goal not(Goal goal) {
        return simplified(new LinkedHashSet<>(Set.of(opposite(goal))));
    }

    /// The goal to meet `goal` and equal none of some values.
    Goal beside(Goal goal, Set<Json> values) {
        Set<Claim> claims = new LinkedHashSet<>(goal.claims());
        for (Json value : values) {
            if (goal.mayBe(value.kind())) {
                claims.add(new Claim(new Fact.Equal(value), false));
            }
        }
        return claims.size() == goal.claims().size() ? goal : goal(claims);
    }

    private Goal simplified(Set<Claim> claims) {
        Set<Claim> simple = new LinkedHashSet<>();
        for (Claim claim : claims) {
            Claim bare = bare(claim);
            if (bare.fact() instanceof Fact.Valid(Node node, Scope _)
                    && node.verdict() != Node.Verdict.KEYWORDS) {
                if ((node.verdict() == Node.Verdict.TRUE) != bare.met()) {
                    return nothing;
                }
            } else if (bare.fact() instanceof Fact.Either(Set<Claim> ways) && ways.isEmpty()) {
                if (bare.met()) {
                    return nothing;
                }
            } else {
                simple.add(bare);
            }
        }
        for (Claim claim : simple) {
            if (simple.contains(claim.opposite())) {
                return nothing;
            }
        }
        return goal(simple);
    }

    /// One claim instead of a choice of one.
    private static Claim bare(Claim claim) {
        Claim bare = claim;
        while (bare.fact() instanceof Fact.Either(Set<Claim> ways) && ways.size() == 1) {
            Claim only = ways.iterator().next();
            bare = bare.met() ? only : only.opposite();
        }
        return bare;
    }

    private Goal goal(Set<Claim> claims) {
        if (!frozen) {
            Goal goal = made.get(claims);
            if (goal == null) {
                if (made.size() >= Limits.GOALS) {
                    throw new GrammarException(
                            "the schema combines its parts in more than %d ways"
                                    .formatted(Limits.GOALS));
                }
                goal = new Goal(this, claims);
                made.put(goal.claims(), goal);
            }
            return goal;
        }
        Goal known = made.get(claims);
        return known == null ? fleeting(claims) : known;
    }

    private Goal fleeting(Set<Claim> claims) {
        synchronized (recent) {
            Goal goal = recent.get(claims);
            if (goal == null) {
                goal = new Goal(this, claims);
                recent.put(goal.claims(), goal);
                if (recent.size() > RECENT) {
                    recent.pollFirstEntry();
                }
            }
            return goal;
        }
    }
}
