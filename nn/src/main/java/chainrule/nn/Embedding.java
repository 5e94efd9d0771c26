package chainrule.nn;

import chainrule.tensor.DType;
import chainrule.tensor.DTypeException;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A table of vectors, read by index: {@code y[…, :] = weight[x[…], :]}.
 *
 * {@snippet :
 * var characters = new Embedding(27, 10);
 * Tensor y = characters.forward(Tensor.of(new int[] {0, 5, 13}));   // 3×10
 * }
 *
 * <p>With a padding index, that row starts at 0 and receives no gradient, so that it stays what it
 * is.
 *
 * <p>Shapes: x is I32 of any shape, y is [x…, dim], {@code weight} is num × dim, standard normal at
 * first as PyTorch's. Errors: {@link DTypeException} unless x is I32, {@link
 * IndexOutOfBoundsException} for an index outside [0, num). Source: Bengio, Ducharme, Vincent and
 * Jauvin, <i>A neural probabilistic language model</i>, 2003, eq. 1.
 */
public final class Embedding extends Module {
  private final int num;
  private final int dim;
  private final OptionalInt paddingIdx;
  private final Parameter weight;

  /** So many vectors of so many numbers. */
  public Embedding(int num, int dim) {
    this(num, dim, OptionalInt.empty());
  }

  /**
   * So many vectors of so many numbers, one of them for padding.
   *
   * @param paddingIdx the row for padding; −1 is the last
   * @throws IllegalArgumentException if a size is below 1, or there is no such row
   */
  public Embedding(int num, int dim, int paddingIdx) {
    this(num, dim, OptionalInt.of(paddingIdx));
  }

  private Embedding(int num, int dim, OptionalInt padding) {
    Checks.positive("Embedding", "num", num);
    Checks.positive("Embedding", "dim", dim);
    this.num = num;
    this.dim = dim;
    if (padding.isPresent()) {
      int index = padding.getAsInt();
      if (index < -num || index >= num) {
        throw new IllegalArgumentException(
            "Embedding: paddingIdx %d is not one of %d rows".formatted(index, num));
      }
      this.paddingIdx = OptionalInt.of(index < 0 ? index + num : index);
    } else {
      this.paddingIdx = padding;
    }
    this.weight = param("weight", init(this.paddingIdx), num, dim);
  }

  private static Init init(OptionalInt padding) {
    Init normal = Inits.normal(0, 1);
    if (padding.isEmpty()) {
      return normal;
    }
    return (dtype, random, shape) -> {
      double[] kept = new double[shape[0]];
      Arrays.fill(kept, 1);
      kept[padding.getAsInt()] = 0;
      Tensor drawn = normal.draw(dtype, random, shape);
      return Tensor.of(kept, shape[0], 1).to(dtype).select(drawn, drawn.constant(0));
    };
  }

  /** The vectors, num × dim. */
  public Parameter weight() {
    return weight;
  }

  @Override
  protected Tensor compute(Tensor x) {
    if (x.dtype() != DType.I32) {
      throw new DTypeException(
          "%s: indices must be I32, got %s; convert with to(DType.I32)"
              .formatted(label(), x.dtype()));
    }
    Tensor rows = weight.indexSelect(0, x.flatten());
    if (paddingIdx.isPresent()) {
      Tensor used = x.flatten().to(DType.F64).ne(paddingIdx.getAsInt()).to(rows.dtype());
      rows = used.unsqueeze(1).select(rows, rows.detach());
    }
    return rows.reshape(x.shape().insert(x.rank(), dim).toArray());
  }

  @Override
  public Map<String, Object> config() {
    return paddingIdx.isPresent()
        ? Checks.config("num", num, "dim", dim, "paddingIdx", paddingIdx.getAsInt())
        : Checks.config("num", num, "dim", dim);
  }
}
