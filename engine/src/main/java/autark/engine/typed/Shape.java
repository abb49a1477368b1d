package autark.engine.typed;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// How values of a Java type look in JSON, and how they are made of it. Records and sealed
/// interfaces stand apart as [Definition]s, since they may contain themselves.
sealed interface Shape {
    /// A string.
    record Text() implements Shape {}

    /// `true` or `false`.
    record Truth() implements Shape {}

    /// A number without a fraction.
    ///
    /// @param range what the Java type holds, if that has an end
    record Whole(Optional<Range> range, Function<BigInteger, Object> make) implements Shape {}

    /// The least and the largest of a range.
    record Range(BigInteger min, BigInteger max) {}

    /// A number.
    ///
    /// @param max the largest that the Java type holds, if there is one; its negative is the least
    record Decimal(Optional<BigDecimal> max, Function<BigDecimal, Object> make) implements Shape {}

    /// A string in a notation.
    record Noted(Notation notation) implements Shape {}

    /// One of some constants, by their names.
    record Constants(Map<String, Object> byName) implements Shape {}

    /// An array.
    ///
    /// @param distinct whether no two items may be equal
    record Items(Shape item, boolean distinct, Function<List<Object>, Object> make)
            implements Shape {}

    /// An object with any keys.
    record Entries(Shape value) implements Shape {}

    /// A value or `null`.
    record Maybe(Shape value, Absence absence) implements Shape {}

    /// What stands for `null` in Java.
    enum Absence {
        NULL,
        EMPTY_OPTIONAL
    }

    /// A value of a definition.
    record Named(String name) implements Shape {}
}
