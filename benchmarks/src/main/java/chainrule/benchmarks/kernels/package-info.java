/**
 * The kernels, each on its shapes, timed by JMH as a share of what the processor and its memory can
 * do: {@link Registry} is the list, {@link Instruments} measures the limits.
 */
@NullMarked
package chainrule.benchmarks.kernels;

import org.jspecify.annotations.NullMarked;
