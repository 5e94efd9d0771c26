/**
 * What one can ask of a recorded computation: gradients of any order, Jacobians, Hessians, products
 * with them, recomputation instead of storage, checks, and where a NaN came from.
 *
 * <p>Everything here reads {@link chainrule.tensor.Node}s and the events of {@link
 * chainrule.tensor.Tape}; nothing here is part of the engine.
 */
@NullMarked
package chainrule.autograd;

import org.jspecify.annotations.NullMarked;
