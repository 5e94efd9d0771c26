/**
 * Tensors, the operations on them, and the reverse sweep.
 *
 * <p><b>Semantics.</b> Eager, define-by-run. A {@link chainrule.tensor.Tensor} is immutable to its
 * users: there are no in-place methods and no devices. {@code equals} is identity; {@code sameBits}
 * and {@code allClose} compare. Two things are mutable, both named and saved: a {@link
 * chainrule.tensor.Parameter}, changed by optimizers and state loading, and a {@link
 * chainrule.tensor.Buffer}, such as batch norm's running statistics.
 *
 * <p><b>Element types</b> follow the data: {@code float} data is F32, {@code double} data is F64,
 * {@code int} data is I32 and serves as indices. Mixed types throw; a Java number takes the
 * tensor's type. Comparisons return 0 or 1 in the type of what they compare.
 *
 * <p><b>Shapes</b> broadcast as in NumPy. Storage is contiguous, row-major, on the heap and owned
 * by the garbage collector: reshape is free, permute and slice copy, matmul takes transpose flags.
 *
 * <p><b>Kinks.</b> NaN wins in max and min; argmax and the gradient of a max reduction take the
 * first of equals; {@code maximum} of equals halves the gradient; sort is stable; {@code var} is
 * unbiased unless told; {@code relu} has slope 0 at 0.
 *
 * <p><b>Operations.</b> {@link chainrule.tensor.Op} is sealed. Elementwise functions come from the
 * table in {@link chainrule.math}; linear operations name their adjoint; {@link
 * chainrule.tensor.CustomOp} is the door for everyone else. Backward passes are written in tensors,
 * so gradients of any order exist for every operation.
 *
 * <p><b>Rounding</b> is specified per operation and never depends on threads, blocking or the batch
 * around a row.
 */
@NullMarked
package chainrule.tensor;

import org.jspecify.annotations.NullMarked;
