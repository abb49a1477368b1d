/// Borders between modules and packages, as rules over the compiled classes.
@NullMarked
package autark.checks.architecture;

import org.jspecify.annotations.NullMarked;
