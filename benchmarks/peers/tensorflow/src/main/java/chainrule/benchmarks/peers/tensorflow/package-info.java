/** The adapter of one engine, on the class path of that engine alone. */
@NullMarked
package chainrule.benchmarks.peers.tensorflow;

import org.jspecify.annotations.NullMarked;
