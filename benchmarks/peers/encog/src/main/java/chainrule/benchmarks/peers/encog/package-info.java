/** The adapter of one engine, on the class path of that engine alone. */
@NullMarked
package chainrule.benchmarks.peers.encog;

import org.jspecify.annotations.NullMarked;
