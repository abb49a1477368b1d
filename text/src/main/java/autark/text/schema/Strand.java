package autark.text.schema;

/// One of the alternatives that what was written so far may be part of, and where in it one is.
sealed interface Strand {
    /// The value is the whole answer.
    enum Root implements Strand {
        ROOT
    }

    /// In an array.
    ///
    /// @param owner the goal that the array is to meet
    record OfArray(Goal owner, ArrayShape shape, int place, long counts) implements Strand {
        boolean canEnd() {
            return shape.canEnd(place, counts);
        }
    }

    /// In an object; which keys were written stands in the container, for it is the same for all.
    ///
    /// @param owner the goal that the object is to meet
    record OfObject(Goal owner, ObjectShape shape, long counts) implements Strand {}
}
