/// Tests of what is deployed: service, image, chart.
@NullMarked
package autark.checks.deploy;

import org.jspecify.annotations.NullMarked;
