/// Rules over the texts of the repository: sources, scripts and documents.
@NullMarked
package autark.checks.tidy;

import org.jspecify.annotations.NullMarked;
