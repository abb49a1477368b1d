package autark.server.config;

import java.util.Optional;
import java.util.function.Function;

/// A variable of the environment that sets something.
///
/// @param name of the variable
/// @param part of its value that counts; empty if the value says nothing of it
public record Variable(String name, Function<String, Optional<String>> part) {
    /// A variable whose whole value counts.
    static Variable of(String name) {
        return new Variable(name, Optional::of);
    }
}
