package chainrule.tensor;

import chainrule.math.Philox;

/**
 * The masks of inverted dropout: each element is 0 with probability p, else {@code 1/(1 − p)}.
 *
 * <p>The mask of call k has the numbers of {@code Philox(seed, stream, 0, k)} in order; an element
 * is dropped where {@code nextFloat() < p}.
 *
 * @param p the probability of 0, in [0, 1]
 * @param seed the key of the random numbers
 * @param stream what they are drawn for
 */
public record RandomMask(double p, long seed, String stream) {
  /** The mask of one call, a constant; {@code call} comes from {@link Tape#draw}. */
  public Tensor draw(DType dtype, Shape shape, long call) {
    Capture capture = Tape.mode().capture();
    if (capture != null) {
      return capture.draw(this, dtype, shape, call);
    }
    Tensor mask = Tensor.zeros(dtype, shape);
    fill(mask.array(), mask.size(), random(), call);
    return mask;
  }

  /** What the masks of all calls are drawn from. */
  Philox random() {
    return new Philox(seed, stream);
  }

  void fill(Object mask, int n, Philox random, long call) {
    random.restart(call);
    double kept = p < 1 ? 1 / (1 - p) : 0;
    if (mask instanceof double[] to) {
      for (int i = 0; i < n; i++) {
        to[i] = random.nextFloat() < p ? 0 : kept;
      }
    } else {
      float[] to = (float[]) mask;
      for (int i = 0; i < n; i++) {
        to[i] = random.nextFloat() < p ? 0 : (float) kept;
      }
    }
  }
}
