/** The benchmarks run and report; nothing here measures a time. */
@NullMarked
package chainrule.benchmarks;

import org.jspecify.annotations.NullMarked;
