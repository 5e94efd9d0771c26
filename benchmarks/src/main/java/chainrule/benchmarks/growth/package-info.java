/** How the time of a training step grows with batch, width, depth and length of sequences. */
@NullMarked
package chainrule.benchmarks.growth;

import org.jspecify.annotations.NullMarked;
