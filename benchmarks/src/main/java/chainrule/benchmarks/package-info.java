/** The program {@code chainrule bench}: its options, and what it prints. */
@NullMarked
package chainrule.benchmarks;

import org.jspecify.annotations.NullMarked;
