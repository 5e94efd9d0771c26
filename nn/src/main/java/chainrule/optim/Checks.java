package chainrule.optim;

/** Checks of an optimizer's options. */
final class Checks {
  private Checks() {}

  static double notNegative(String option, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "%s must be finite and at least 0, got %s".formatted(option, value));
    }
    return value;
  }

  static void belowOne(String option, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException("%s must be in [0, 1), got %s".formatted(option, value));
    }
  }
}
