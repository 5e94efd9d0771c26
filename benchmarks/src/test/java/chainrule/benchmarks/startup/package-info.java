/** The small program that is started. */
@NullMarked
package chainrule.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
