package chainrule.nn;

import chainrule.tensor.Shape;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * One dimension as several, the inverse of {@link Flatten}: N×(C·H·W) becomes N×C×H×W.
 *
 * {@snippet :
 * new Sequential(new Linear(16, 8 * 7 * 7), new Unflatten(1, 8, 7, 7), new ConvTranspose2d(8, 1, 4));
 * }
 */
public final class Unflatten extends Module {
  private final int dim;
  private final Shape sizes;

  /**
   * Dimension {@code dim} as dimensions of the given sizes.
   *
   * @throws IllegalArgumentException if no size is given or a size is below 1
   */
  public Unflatten(int dim, int... sizes) {
    this.dim = dim;
    this.sizes = Checks.sizes("Unflatten", sizes);
  }

  @Override
  protected Tensor compute(Tensor x) {
    int d = x.shape().axis(dim);
    if (x.size(d) != sizes.size()) {
      throw new ShapeException(
          "%s: dimension %d must be %d for %s, got %s"
              .formatted(label(), dim, sizes.size(), sizes, x.shape()));
    }
    int[] from = x.shape().toArray();
    int[] to = Arrays.copyOf(from, from.length + sizes.rank() - 1);
    System.arraycopy(sizes.toArray(), 0, to, d, sizes.rank());
    System.arraycopy(from, d + 1, to, d + sizes.rank(), from.length - d - 1);
    return x.reshape(to);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("dim", dim, "sizes", Checks.list(sizes));
  }
}
