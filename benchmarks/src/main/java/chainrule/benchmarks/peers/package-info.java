/**
 * Other engines beside this one, in turns: {@link chainrule.benchmarks.peers.Worker} is the process
 * of an engine, {@link chainrule.benchmarks.peers.PeerRun} lets them take their turns.
 *
 * <p>The adapters of the other engines lie in modules of their own, below {@code benchmarks/peers};
 * they know {@link chainrule.benchmarks.peers.Engine}, {@link chainrule.benchmarks.peers.Workload},
 * {@link chainrule.benchmarks.peers.Generator} and the worker, which need nothing but the JDK.
 */
@NullMarked
package chainrule.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
