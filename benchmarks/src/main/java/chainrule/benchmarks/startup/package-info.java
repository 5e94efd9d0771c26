/** How long a small program takes from the start of its process to its end, and what it holds. */
@NullMarked
package chainrule.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
