package chainrule.optim;

/** The way from one number to another. */
public enum Anneal {
  /** Along half a cosine. */
  COS {
    @Override
    double at(double start, double end, double share) {
      return end + (start - end) / 2 * (StrictMath.cos(Math.PI * share) + 1);
    }
  },
  /** In a straight line. */
  LINEAR {
    @Override
    double at(double start, double end, double share) {
      return (end - start) * share + start;
    }
  };

  /** The number after a share of the way. */
  abstract double at(double start, double end, double share);
}
