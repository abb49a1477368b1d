package autark.text.schema;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/// One way to meet a claim: all these rules.
///
/// @param evaluated what counts as evaluated for `unevaluatedProperties` or `unevaluatedItems`
record Alternative<R, E>(Set<R> rules, E evaluated) {
    Alternative {
        rules = Collections.unmodifiableSet(new LinkedHashSet<>(rules));
    }
}
