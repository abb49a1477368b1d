/// What holds for the whole house: the repository as the checks see it.
@NullMarked
package autark.checks;

import org.jspecify.annotations.NullMarked;
