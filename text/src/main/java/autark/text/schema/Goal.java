package autark.text.schema;

import autark.text.grammar.GrammarException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a value has to meet: all of some claims. What that means for each kind of value is worked
/// out when it is first asked for, and kept; two threads that ask at once do it twice and get the
/// same.
///
/// Two goals are equal if they make the same claims.
final class Goal {
    /// The height of a goal that nothing meets.
    private static final int UNKNOWN = -1;

    private final Goals goals;
    private final Set<Claim> claims;
    private final int hash;
    private volatile @Nullable Set<Json.Word> words;
    private volatile @Nullable NumberSet numbers;
    private volatile @Nullable Words strings;
    private volatile @Nullable Extent arrayExtent;
    private volatile @Nullable Extent objectExtent;
    private volatile @Nullable List<ArrayShape> arrays;
    private volatile @Nullable List<ObjectShape> objects;
    private volatile int height = UNKNOWN;
    private volatile int tooLow = -1;

    Goal(Goals goals, Set<Claim> claims) {
        this.goals = goals;
        this.claims = Collections.unmodifiableSet(new LinkedHashSet<>(claims));
        this.hash = this.claims.hashCode();
    }

    Set<Claim> claims() {
        return claims;
    }

    boolean isAnything() {
        return claims.isEmpty();
    }

    Set<Json.Word> words() {
        Set<Json.Word> known = words;
        if (known == null) {
            known = evaluated(new WordAlgebra());
            words = known;
        }
        return known;
    }

    NumberSet numbers() {
        NumberSet known = numbers;
        if (known == null) {
            known = evaluated(new NumberAlgebra());
            numbers = known;
        }
        return known;
    }

    Words strings() {
        Words known = strings;
        if (known == null) {
            known = evaluated(goals.strings());
            strings = known;
        }
        return known;
    }

    /// How many arrays or objects meet the goal, at a glance.
    Extent extent(Kind kind) {
        Extent known = kind == Kind.ARRAY ? arrayExtent : objectExtent;
        if (known == null) {
            known = evaluated(new Extent.OfKind(kind));
            if (kind == Kind.ARRAY) {
                arrayExtent = known;
            } else {
                objectExtent = known;
            }
        }
        return known;
    }

    /// While an answer is written nothing is refused any more: where the items before are too many
    /// to be told apart, no more are written.
    private <T> T evaluated(Algebra<T> algebra) {
        goals.charge(20);
        try {
            return new Evaluation<>(goals, algebra).all(claims);
        } catch (GrammarException e) {
            if (!goals.isFrozen()) {
                throw e;
            }
            return algebra.none();
        }
    }

    /// The alternatives for an array.
    List<ArrayShape> arrays() {
        List<ArrayShape> known = arrays;
        if (known == null) {
            known = extent(Kind.ARRAY) == Extent.NONE ? List.of() : arrayShapes();
            arrays = known;
        }
        return known;
    }

    private List<ArrayShape> arrayShapes() {
        List<ArrayShape> shapes = new ArrayList<>();
        try {
            for (Set<ArrayRule> rules : new Expansion<>(goals, new ArrayBook(goals)).all(claims)) {
                shapes.add(new ArrayShape(goals, rules));
            }
        } catch (GrammarException e) {
            return outgrown(e);
        }
        return shapes;
    }

    /// The alternatives for an object.
    List<ObjectShape> objects() {
        List<ObjectShape> known = objects;
        if (known == null) {
            known = extent(Kind.OBJECT) == Extent.NONE ? List.of() : objectShapes();
            objects = known;
        }
        return known;
    }

    private List<ObjectShape> objectShapes() {
        List<ObjectShape> shapes = new ArrayList<>();
        ObjectBook book = new ObjectBook(goals, goals.strings());
        try {
            for (Set<ObjectRule> rules : new Expansion<>(goals, book).all(claims)) {
                shapes.add(new ObjectShape(goals, rules));
            }
        } catch (GrammarException e) {
            return outgrown(e);
        }
        return shapes;
    }

    private <T> List<T> outgrown(GrammarException e) {
        if (!goals.isFrozen()) {
            throw e;
        }
        return List.of();
    }

    /// Whether values of a kind may meet the goal; if not, none does.
    boolean mayBe(Kind kind) {
        return switch (kind) {
            case WORD -> !words().isEmpty();
            case NUMBER -> !numbers().isEmpty();
            case STRING -> !strings().isEmpty();
            case ARRAY, OBJECT -> extent(kind) != Extent.NONE;
        };
    }

    /// Whether it is seen at a glance that no value meets the goal.
    boolean isSurelyEmpty() {
        for (Kind kind : Kind.values()) {
            if (mayBe(kind)) {
                return false;
            }
        }
        return true;
    }

    private boolean hasScalar() {
        return !words().isEmpty() || !numbers().isEmpty() || !strings().isEmpty();
    }

    /// Whether a value meets the goal that is at most so many arrays and objects deep.
    boolean fits(int levels) {
        if (height != UNKNOWN) {
            return height <= levels;
        }
        if (tooLow >= levels) {
            return false;
        }
        if (tooLow < 0) {
            if (hasScalar()) {
                height = 0;
                return true;
            }
            tooLow = 0;
        }
        for (int tried = tooLow + 1; tried <= levels; tried++) {
            if (height == UNKNOWN && hasContainer(tried - 1)) {
                height = tried;
            }
            if (height != UNKNOWN) {
                return height <= levels;
            }
            tooLow = tried;
        }
        return false;
    }

    private boolean hasContainer(int levelsInside) {
        for (ArrayShape shape : arrays()) {
            if (shape.canBegin(levelsInside)) {
                return true;
            }
        }
        for (ObjectShape shape : objects()) {
            if (shape.canBegin(levelsInside)) {
                return true;
            }
        }
        return false;
    }

    /// How deep the flattest value is. The goal has to be one that fits [Limits#DEPTH].
    int height() {
        if (!fits(Limits.DEPTH)) {
            throw new IllegalStateException("nothing meets " + claims);
        }
        return height;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Goal goal && hash == goal.hash && claims.equals(goal.claims);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
