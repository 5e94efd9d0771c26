package chainrule.nn;

import chainrule.tensor.Tensor;

/**
 * Keeps an anchor nearer to a positive than to a negative: {@code max(0, d(a, p) − d(a, n) +
 * margin)} with {@code d(x, y) = ‖x − y + eps‖ₚ} over the last dimension.
 *
 * <p>With swap the negative's distance is the smaller of {@code d(a, n)} and {@code d(p, n)}.
 * Source: Balntas, Riba, Ponsa and Mikolajczyk, <i>Learning local feature descriptors with triplets
 * and shallow convolutional neural networks</i>, 2016.
 *
 * @param margin how much nearer, above 0
 * @param p the degree of the norm, above 0
 * @param eps what is added to every difference
 * @param swap whether the positive can take the part of the anchor
 * @param reduction what becomes of the losses
 */
public record TripletMarginLoss(
    double margin, double p, double eps, boolean swap, Reduction reduction) {
  /** With the defaults. */
  public TripletMarginLoss() {
    this(1, 2, 1e-6, false, Reduction.MEAN);
  }

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public TripletMarginLoss {
    Checks.positive("TripletMarginLoss", "margin", margin);
    Checks.positive("TripletMarginLoss", "p", p);
    Checks.finite("TripletMarginLoss", "eps", eps);
  }

  /** The same with another margin. */
  public TripletMarginLoss margin(double margin) {
    return new TripletMarginLoss(margin, p, eps, swap, reduction);
  }

  /** The same with another norm. */
  public TripletMarginLoss p(double p) {
    return new TripletMarginLoss(margin, p, eps, swap, reduction);
  }

  /** The same with another eps. */
  public TripletMarginLoss eps(double eps) {
    return new TripletMarginLoss(margin, p, eps, swap, reduction);
  }

  /** The same with the positive in the part of the anchor where that is harder, or not. */
  public TripletMarginLoss swap(boolean swap) {
    return new TripletMarginLoss(margin, p, eps, swap, reduction);
  }

  /** The same with another reduction. */
  public TripletMarginLoss reduction(Reduction reduction) {
    return new TripletMarginLoss(margin, p, eps, swap, reduction);
  }

  /**
   * The loss of triplets of vectors, n × d or d.
   *
   * @throws chainrule.tensor.ShapeException if the shapes differ
   */
  public Tensor of(Tensor anchor, Tensor positive, Tensor negative) {
    Checks.same("tripletMargin", anchor, positive);
    Checks.same("tripletMargin", anchor, negative);
    Tensor near = distance(anchor, positive);
    Tensor far = distance(anchor, negative);
    if (swap) {
      far = far.minimum(distance(positive, negative));
    }
    Tensor behind = near.sub(far).add(margin);
    return reduction.of(behind.ge(0).select(behind, behind.constant(0)));
  }

  private Tensor distance(Tensor x, Tensor y) {
    return x.sub(y).add(eps).norm(p, -1, false);
  }
}
