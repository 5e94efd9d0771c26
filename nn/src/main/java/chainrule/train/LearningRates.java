package chainrule.train;

/**
 * A learning-rate range test: the loss while the rate rises from batch to batch.
 *
 * <p>Between the rate at which the loss begins to fall and the one at which it stops falling lies
 * what is worth training with. Source: Smith, <i>Cyclical learning rates for training neural
 * networks</i>, 2017, section 3.3.
 *
 * @param rates the rates tried, rising
 * @param losses the loss of the batch that each rate's step was made on, before that step
 * @param smoothed the losses with a running mean of decay 0.95, freed of its bias
 */
public record LearningRates(double[] rates, double[] losses, double[] smoothed) {
  /** Keeps copies. */
  public LearningRates {
    rates = rates.clone();
    losses = losses.clone();
    smoothed = smoothed.clone();
  }

  /**
   * The rate at which the smoothed loss falls fastest with the logarithm of the rate, the first
   * tenth apart, where the mean is of few; NaN if it never falls.
   */
  public double steepest() {
    double best = Double.NaN;
    double slope = 0;
    for (int i = Math.max(1, rates.length / 10); i + 1 < rates.length; i++) {
      double run = Math.log(rates[i + 1] / rates[i - 1]);
      double rise = (smoothed[i + 1] - smoothed[i - 1]) / run;
      if (rise < slope) {
        slope = rise;
        best = rates[i];
      }
    }
    return best;
  }
}
