/// The whole program on the default model: what a user sees, and whether it is right.
@NullMarked
package autark.checks.program;

import org.jspecify.annotations.NullMarked;
