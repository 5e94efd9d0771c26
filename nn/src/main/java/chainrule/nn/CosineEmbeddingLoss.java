package chainrule.nn;

import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;

/**
 * Brings alike vectors to one direction and others apart: {@code 1 − cos(a, b)} where y is 1,
 * {@code max(0, cos(a, b) − margin)} where y is −1.
 *
 * <p>{@code cos(a, b) = aᵀb / √((aᵀa + 1e-12)(bᵀb + 1e-12))}, as in PyTorch.
 *
 * @param margin the cosine that others may have, in [−1, 1]
 * @param reduction what becomes of the losses
 */
public record CosineEmbeddingLoss(double margin, Reduction reduction) {
  private static final double TINY = 1e-12;

  /** With the defaults. */
  public CosineEmbeddingLoss() {
    this(0, Reduction.MEAN);
  }

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public CosineEmbeddingLoss {
    if (!(margin >= -1 && margin <= 1)) {
      throw new IllegalArgumentException(
          "CosineEmbeddingLoss: margin must be in [−1, 1], got " + margin);
    }
  }

  /** The same with another margin. */
  public CosineEmbeddingLoss margin(double margin) {
    return new CosineEmbeddingLoss(margin, reduction);
  }

  /** The same with another reduction. */
  public CosineEmbeddingLoss reduction(Reduction reduction) {
    return new CosineEmbeddingLoss(margin, reduction);
  }

  /**
   * The loss of pairs of vectors.
   *
   * @param a n × d, or d
   * @param b of a's shape
   * @param y n numbers, or one, 1 or −1; in I32 or a's element type
   * @throws ShapeException if the shapes do not fit
   */
  public Tensor of(Tensor a, Tensor b, Tensor y) {
    Checks.same("cosineEmbedding", a, b);
    if (a.rank() < 1 || a.rank() > 2 || !y.shape().equals(a.shape().without(-1))) {
      throw new ShapeException(
          "cosineEmbedding: needs n×d vectors and n numbers 1 or −1, got %s and %s"
              .formatted(a.shape(), y.shape()));
    }
    Tensor sign = y.to(a.dtype());
    Tensor squares = a.square().sum(-1).add(TINY).mul(b.square().sum(-1).add(TINY));
    Tensor cos = a.mul(b).sum(-1).div(squares.sqrt());
    Tensor above = cos.sub(margin);
    Tensor zero = cos.constant(0);
    Tensor apart = above.ge(0).select(above, zero);
    return reduction.of(sign.eq(1).select(cos.oneMinus(), sign.eq(-1).select(apart, zero)));
  }
}
