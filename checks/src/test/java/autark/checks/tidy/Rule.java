package autark.checks.tidy;

import java.util.List;
import java.util.function.Function;

/// A rule over one text, and a text that breaks it: a rule that refuses nothing protects nothing.
///
/// @param problems what is wrong with a text, a sentence each; empty for a text out of scope
record Rule(String name, Function<Source, List<String>> problems, Source counterexample) {
    @Override
    public String toString() {
        return name;
    }
}
