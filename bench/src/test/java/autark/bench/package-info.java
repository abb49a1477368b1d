/// Benchmarks that do not run measure nothing.
@NullMarked
package autark.bench;

import org.jspecify.annotations.NullMarked;
