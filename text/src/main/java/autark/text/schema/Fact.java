package autark.text.schema;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/// Something that a value meets or does not meet.
sealed interface Fact {
    /// It is valid against a schema of the text, reached on a way.
    record Valid(Node node, Scope scope) implements Fact {}

    /// It equals a value.
    record Equal(Json value) implements Fact {}

    /// One of these claims is true; with none it is never met.
    record Either(Set<Claim> claims) implements Fact {
        public Either {
            claims = Collections.unmodifiableSet(new LinkedHashSet<>(claims));
        }
    }
}
