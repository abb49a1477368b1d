package autark.text.schema;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What [Expansion] has to know of arrays, or of objects.
///
/// @param <R> a rule
/// @param <E> what was evaluated
interface RuleBook<R, E> {
    Kind kind();

    /// What a schema's own keywords ask, those aside that combine schemas and those that ask for
    /// what is unevaluated; nothing if its `type` shuts this kind out.
    Optional<Alternative<R, E>> own(Node node, Scope scope);

    /// What equal values obey; nothing for a value of another kind.
    Optional<Set<R>> equal(Json value);

    /// What breaking a rule takes, as alternatives.
    List<Set<R>> opposite(R rule);

    E nothing();

    E everything();

    E joined(E a, E b);

    /// The keyword for what is left unevaluated.
    String unevaluatedKeyword();

    /// What that keyword asks, given what was evaluated.
    Set<R> unevaluated(Node schema, Scope scope, E evaluated);

    /// The schemas that apply where a member is there, with the rules for that and for the
    /// opposite.
    List<Dependency<R>> dependencies(Node node);

    /// Whether it is seen at once that nothing obeys all the rules.
    boolean impossible(Set<R> rules);

    /// A schema that applies if some rules are obeyed.
    ///
    /// @param absent the rules of the case in which it does not apply
    record Dependency<R>(Set<R> present, Set<R> absent, Node schema) {}
}
