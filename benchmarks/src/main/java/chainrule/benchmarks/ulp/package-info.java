/** The elementary functions over every float: how far they are off, and whether kernels agree. */
@NullMarked
package chainrule.benchmarks.ulp;

import org.jspecify.annotations.NullMarked;
