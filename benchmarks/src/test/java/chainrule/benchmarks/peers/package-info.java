/** The harness that lets engines take turns. */
@NullMarked
package chainrule.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
