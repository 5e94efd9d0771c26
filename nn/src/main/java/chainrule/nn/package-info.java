/**
 * Layers, initialisations, losses and metrics.
 *
 * <p>A network is a tree of {@link chainrule.nn.Module}s. A module registers what it owns by name,
 * {@code param("weight", …)}, {@code buffer("running_mean", …)}, {@code child("fc1", …)}, and says
 * in {@code compute} what it does; names, counting, saving, freezing and the path shown in a graph
 * or in an error follow from the registration. Weights are drawn as soon as a layer exists: from
 * seed 0, or from the seed of {@link chainrule.nn.Module#init}, and from the parameter's path in
 * the tree, from nothing else, so the same tree and seed give the same bits on every machine.
 *
 * <p>Names of layers, options and state-dict entries are PyTorch's. Weights are F32 unless the
 * layers are built inside {@link chainrule.nn.Module#in Module.in(DType.F64, …)}.
 */
@NullMarked
package chainrule.nn;

import org.jspecify.annotations.NullMarked;
