package autark.text.schema;

/// What is asked of the members of an object. With these four, turning any of them round gives some
/// of them again: that not every value is a string means that one is none.
sealed interface ObjectRule {
    /// A number beyond all.
    int ENDLESS = Integer.MAX_VALUE;

    /// The value of each member whose key is in a set meets a goal.
    record Every(Keys keys, Goal goal) implements ObjectRule {}

    /// So many members with a key in a set have a value that meets a goal.
    record Count(Keys keys, Goal goal, int min, int max) implements ObjectRule {}

    /// So many members there are.
    record Size(int min, int max) implements ObjectRule {}

    /// There is a member of this name.
    record Has(String name) implements ObjectRule {}
}
