package autark.text.schema;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Sets of `null`, `true` and `false`.
final class WordAlgebra implements Algebra<Set<Json.Word>> {
    @Override
    public Set<Json.Word> all() {
        return EnumSet.allOf(Json.Word.class);
    }

    @Override
    public Set<Json.Word> none() {
        return EnumSet.noneOf(Json.Word.class);
    }

    @Override
    public Set<Json.Word> and(Set<Json.Word> a, Set<Json.Word> b) {
        Set<Json.Word> both = none();
        both.addAll(a);
        both.retainAll(b);
        return both;
    }

    @Override
    public Set<Json.Word> or(Set<Json.Word> a, Set<Json.Word> b) {
        Set<Json.Word> either = none();
        either.addAll(a);
        either.addAll(b);
        return either;
    }

    @Override
    public Set<Json.Word> not(Set<Json.Word> set) {
        Set<Json.Word> rest = all();
        rest.removeAll(set);
        return rest;
    }

    @Override
    public Set<Json.Word> own(Node node) {
        Set<Json.Word> own = none();
        if (Types.allows(node, "null")) {
            own.add(Json.Word.NULL);
        }
        if (Types.allows(node, "boolean")) {
            own.add(Json.Word.TRUE);
            own.add(Json.Word.FALSE);
        }
        return own;
    }

    @Override
    public Set<Json.Word> among(List<Json> values) {
        Set<Json.Word> own = none();
        for (Json value : values) {
            if (value instanceof Json.Word word) {
                own.add(word);
            }
        }
        return own;
    }
}
