package chainrule.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sums and what is made of them, extremes and their positions, products, norms.
 *
 * <p>{@code dim} counts from the front, −1 is the last; {@code keepDim} leaves a reduced dimension
 * in place with size 1, ready to broadcast.
 */
public sealed interface Reductions permits Tensor {
  private Tensor tensor() {
    return (Tensor) this;
  }

  private static int[] all(Tensor t) {
    int[] dims = new int[t.rank()];
    Arrays.setAll(dims, i -> i);
    return dims;
  }

  /** {@code Σ x}, one number. */
  default Tensor sum() {
    return sum(all(tensor()), false);
  }

  /** {@code Σ x} along one dimension. */
  default Tensor sum(int dim) {
    return sum(dim, false);
  }

  /** {@code Σ x} along one dimension. */
  default Tensor sum(int dim, boolean keepDim) {
    return sum(new int[] {dim}, keepDim);
  }

  /**
   * {@code Σ x} along several dimensions.
   *
   * @throws ShapeException if a dimension is named twice
   */
  default Tensor sum(int[] dims, boolean keepDim) {
    Tensor x = tensor();
    Shape kept = x.shape();
    boolean[] gone = new boolean[x.rank()];
    for (int d : dims) {
      int axis = x.shape().axis(d);
      if (gone[axis]) {
        throw new ShapeException(
            "dimension " + axis + " of " + x.shape() + " is to be reduced twice; name it once");
      }
      gone[axis] = true;
      kept = kept.with(axis, 1);
    }
    Tensor y = kept.equals(x.shape()) ? x : Tensor.apply(new LinearOp.SumTo(kept), x);
    if (keepDim) {
      return y;
    }
    int[] left = new int[x.rank()];
    int n = 0;
    for (int i = 0; i < gone.length; i++) {
      if (!gone[i]) {
        left[n++] = x.size(i);
      }
    }
    return y.reshape(Arrays.copyOf(left, n));
  }

  /** {@code Σ x / n}, one number. */
  default Tensor mean() {
    return sum().div(tensor().size());
  }

  /** {@code Σ x / n} along one dimension. */
  default Tensor mean(int dim) {
    return mean(dim, false);
  }

  /** {@code Σ x / n} along one dimension. */
  default Tensor mean(int dim, boolean keepDim) {
    return sum(dim, keepDim).div(tensor().size(dim));
  }

  /** {@code Σ x / n} along several dimensions. */
  default Tensor mean(int[] dims, boolean keepDim) {
    return sum(dims, keepDim).div(count(dims));
  }

  private int count(int[] dims) {
    int n = 1;
    for (int d : dims) {
      n *= tensor().size(d);
    }
    return n;
  }

  /** The unbiased variance {@code Σ (x − mean)² / (n − 1)} of all elements. */
  default Tensor var() {
    return var(all(tensor()), false, 1);
  }

  /** The unbiased variance along one dimension. */
  default Tensor var(int dim) {
    return var(dim, false);
  }

  /** The unbiased variance along one dimension. */
  default Tensor var(int dim, boolean keepDim) {
    return var(new int[] {dim}, keepDim, 1);
  }

  /**
   * The variance {@code Σ (x − mean)² / (n − correction)} along several dimensions.
   *
   * @param correction 1 for the unbiased estimate, 0 for the mean square deviation
   */
  default Tensor var(int[] dims, boolean keepDim, int correction) {
    Tensor centred = tensor().sub(mean(dims, true));
    return centred.square().sum(dims, keepDim).div(Math.max(0, count(dims) - correction));
  }

  /** The square root of the unbiased variance of all elements. */
  default Tensor std() {
    return var().sqrt();
  }

  /** The square root of the unbiased variance along one dimension. */
  default Tensor std(int dim) {
    return var(dim).sqrt();
  }

  /** The square root of the unbiased variance along one dimension. */
  default Tensor std(int dim, boolean keepDim) {
    return var(dim, keepDim).sqrt();
  }

  /** The largest element. */
  default Tensor max() {
    return tensor().flatten().max(0);
  }

  /** The largest along one dimension; the first of equals receives the gradient, NaN wins. */
  default Tensor max(int dim) {
    return max(dim, false);
  }

  /** The largest along one dimension. */
  default Tensor max(int dim, boolean keepDim) {
    return extreme(dim, keepDim, false);
  }

  /** The smallest element. */
  default Tensor min() {
    return tensor().flatten().min(0);
  }

  /** The smallest along one dimension; the first of equals receives the gradient, NaN wins. */
  default Tensor min(int dim) {
    return min(dim, false);
  }

  /** The smallest along one dimension. */
  default Tensor min(int dim, boolean keepDim) {
    return extreme(dim, keepDim, true);
  }

  private Tensor extreme(int dim, boolean keepDim, boolean smallest) {
    Tensor x = tensor();
    int d = x.shape().axis(dim);
    Tensor y = x.gather(d, Tensor.apply(new Search.ArgExtreme(d, smallest), x));
    return keepDim ? y : y.squeeze(d);
  }

  /** The position of the largest element along one dimension, the first of equals; I32. */
  default Tensor argmax(int dim) {
    int d = tensor().shape().axis(dim);
    return Tensor.apply(new Search.ArgExtreme(d, false), tensor()).squeeze(d);
  }

  /** The position of the smallest element along one dimension, the first of equals; I32. */
  default Tensor argmin(int dim) {
    int d = tensor().shape().axis(dim);
    return Tensor.apply(new Search.ArgExtreme(d, true), tensor()).squeeze(d);
  }

  /** {@code Π x} of all elements. */
  default Tensor prod() {
    return tensor().flatten().prod(0);
  }

  /** {@code Π x} along one dimension. */
  default Tensor prod(int dim) {
    return prod(dim, false);
  }

  /**
   * {@code Π x} along one dimension, by halves: its gradient needs no division and is right where
   * factors are 0.
   */
  default Tensor prod(int dim, boolean keepDim) {
    Tensor x = tensor();
    int d = x.shape().axis(dim);
    if (x.size(d) == 0) {
      x = x.sum(d, true).add(1); // the empty product is 1, and x still has a gradient
    }
    while (x.size(d) > 1) {
      int n = x.size(d);
      int half = n / 2;
      Tensor y = x.slice(d, 0, half).mul(x.slice(d, half, 2 * half));
      x = n % 2 == 0 ? y : Tensor.cat(d, y, x.slice(d, n - 1, n));
    }
    return keepDim ? x : x.squeeze(d);
  }

  /** {@code ln Σ eˣ} along one dimension, shifted by the maximum so that nothing overflows. */
  default Tensor logSumExp(int dim) {
    return logSumExp(dim, false);
  }

  /** {@code ln Σ eˣ} along one dimension; −∞, with the gradient 0, where all elements are −∞. */
  default Tensor logSumExp(int dim, boolean keepDim) {
    Tensor x = tensor();
    int d = x.shape().axis(dim);
    Tensor shift = Composites.shift(x, d);
    Tensor sum = x.sub(shift).exp().sum(d, true);
    Tensor none = sum.eq(0);
    Tensor log = none.select(sum.constant(1), sum).log().add(shift);
    Tensor y = none.select(sum.constant(Double.NEGATIVE_INFINITY), log);
    return keepDim ? y : y.squeeze(d);
  }

  /** The Euclidean length {@code √Σx²} of all elements; its gradient at 0 is 0. */
  default Tensor norm() {
    return tensor().flatten().norm(2, 0, false);
  }

  /**
   * {@code (Σ|x|ᵖ)^(1/p)} along one dimension; the gradient where it is 0 is 0.
   *
   * @param p 1, 2, any positive number, or infinity for the largest magnitude
   */
  default Tensor norm(double p, int dim, boolean keepDim) {
    if (!(p > 0)) {
      throw new IllegalArgumentException("norm: p must be positive, not " + p);
    }
    Tensor x = tensor();
    if (p == 1) {
      return x.abs().sum(dim, keepDim);
    }
    if (p == Double.POSITIVE_INFINITY) {
      return x.abs().max(dim, keepDim);
    }
    Tensor total = (p == 2 ? x.square() : x.abs().pow(p)).sum(dim, keepDim);
    Tensor none = total.eq(0);
    Tensor safe = none.select(total.constant(1), total);
    return none.select(total.constant(0), p == 2 ? safe.sqrt() : safe.pow(1 / p));
  }

  /** Running sums along one dimension. */
  default Tensor cumsum(int dim) {
    return Tensor.apply(new LinearOp.CumSum(tensor().shape().axis(dim), false), tensor());
  }

  /**
   * The matrix product over the last two dimensions, batched and broadcast over the others; a
   * vector is taken as a row on the left and a column on the right.
   */
  default Tensor matmul(Tensor b) {
    Tensor a = tensor();
    if (a.rank() == 1 || b.rank() == 1) {
      Tensor left = a.rank() == 1 ? a.unsqueeze(0) : a;
      Tensor right = b.rank() == 1 ? b.unsqueeze(1) : b;
      Tensor y = left.matmul(right, false, false);
      y = b.rank() == 1 ? y.squeeze(-1) : y;
      return a.rank() == 1 ? y.squeeze(b.rank() == 1 ? -1 : -2) : y;
    }
    return matmul(b, false, false);
  }

  /** The matrix product with either operand transposed in its last two dimensions. */
  default Tensor matmul(Tensor b, boolean transposeA, boolean transposeB) {
    return Tensor.apply(new MatMul(transposeA, transposeB), tensor(), b);
  }

  /**
   * {@code x·Wᵀ + b} over the last dimension, as a layer computes it.
   *
   * @param weight out × in, with in the size of the last dimension
   * @param bias {@code out} elements, or null
   */
  default Tensor linear(Tensor weight, @Nullable Tensor bias) {
    Tensor x = tensor();
    Tensor rows = x.rank() == 2 ? x : x.reshape(-1, x.size(-1));
    Tensor y =
        bias == null
            ? rows.matmul(weight, false, true)
            : Tensor.apply(new Linear(), rows, weight, bias);
    return x.rank() == 2 ? y : y.reshape(x.shape().with(-1, y.size(1)).toArray());
  }
}
