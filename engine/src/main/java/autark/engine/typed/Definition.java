package autark.engine.typed;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A record or a sealed interface of records.
sealed interface Definition {
    /// What it means; empty if nobody said.
    String description();

    /// A record.
    record Structure(String description, List<Member> members, Maker maker) implements Definition {}

    /// A sealed interface: each record that implements it, by the name that tells which it is.
    record Variants(String description, Map<String, Structure> byName) implements Definition {
        /// The member that tells which record a value is.
        static final String TAG = "type";
    }

    /// A component of a record.
    record Member(String name, String description, Shape shape) {}

    /// Makes a record of its components.
    @FunctionalInterface
    interface Maker {
        /// @param place where in the answer, for messages
        /// @throws MisfitException if the record's constructor refuses them
        Object make(String place, @Nullable Object[] components);
    }
}
