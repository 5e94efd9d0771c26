/** Training steps that grow. */
@NullMarked
package chainrule.benchmarks.growth;

import org.jspecify.annotations.NullMarked;
