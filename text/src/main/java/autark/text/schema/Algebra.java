package autark.text.schema;

import java.util.List;

/// Sets of the values of one kind, closed under what schemas do with one another.
interface Algebra<T> {
    T all();

    T none();

    T and(T a, T b);

    T or(T a, T b);

    T not(T set);

    /// The values of this kind that a schema's own keywords allow, those aside that combine
    /// schemas.
    T own(Node node);

    /// The values of this kind among these.
    T among(List<Json> values);
}
