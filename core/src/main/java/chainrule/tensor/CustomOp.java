package chainrule.tensor;

import org.jspecify.annotations.Nullable;

/**
 * The door for operations of your own: a shape rule, a forward and a backward pass, and an example.
 *
 * <p>The backward pass is written in tensors, so gradients of every order work, forward mode is
 * derived from it, and the laws check it. Apply it with {@link Tensor#apply}.
 *
 * <pre>{@code
 * record Cube() implements CustomOp {
 *   public String name() { return "cube"; }
 *   public Shape shape(Shape... in) { return in[0]; }
 *   public Tensor forward(Tensor... x) { return x[0].mul(x[0]).mul(x[0]); }
 *   public Tensor[] backward(Tensor g, Tensor y, Tensor... x) {
 *     return new Tensor[] {g.mul(x[0].square()).mul(3)};
 *   }
 *   public List<Tensor> example(RandomGenerator random) {
 *     return List.of(Tensor.randn(DType.F64, random, 4));
 *   }
 * }
 * }</pre>
 */
public non-sealed interface CustomOp extends Op {
  /**
   * The result. Runs untracked; arrays may be read with {@link Tensor#toDoubleArray} and made anew.
   */
  Tensor forward(Tensor... x);

  /**
   * The gradient for each input (null for none), in tensor code.
   *
   * @param g the gradient that arrives at the result
   * @param y the result
   * @param x the inputs
   */
  @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor... x);

  @Override
  default void forward(Tensor[] in, Tensor out) {
    Tensor y = Tape.noGrad(() -> forward(in));
    if (!y.shape().equals(out.shape()) || y.dtype() != out.dtype()) {
      throw new ShapeException(
          name()
              + ": its rule promises "
              + out.dtype()
              + " "
              + out.shape()
              + ", its forward gave "
              + y.dtype()
              + " "
              + y.shape());
    }
    System.arraycopy(y.array(), 0, out.array(), 0, out.size());
  }

  @Override
  default @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
    return backward(g, y, x);
  }

  /**
   * Forward mode from reverse mode: the backward pass is linear in g, so its own transpose applied
   * to the inputs' change is the change of the result.
   */
  @Override
  default Tensor tangent(Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    return Sweep.transpose(this, y, x, dx);
  }
}
