/// Benchmarks of single pieces; `bench/README.md` says how to run them.
@NullMarked
package autark.bench;

import org.jspecify.annotations.NullMarked;
