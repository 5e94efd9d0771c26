package chainrule.optim;

/** Checks of the options of optimizers and schedules. */
final class Checks {
  private Checks() {}

  static double notNegative(String option, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "%s must be finite and at least 0, got %s".formatted(option, value));
    }
    return value;
  }

  static void finite(String option, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("%s must be finite, got %s".formatted(option, value));
    }
  }

  static double positive(String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "%s must be finite and above 0, got %s".formatted(option, value));
    }
    return value;
  }

  static int atLeast(String option, int least, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d, got %d".formatted(option, least, value));
    }
    return value;
  }

  static void belowOne(String option, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException("%s must be in [0, 1), got %s".formatted(option, value));
    }
  }

  /** A share that is not nothing. */
  static double share(String option, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException("%s must be in (0, 1], got %s".formatted(option, value));
    }
    return value;
  }

  static void fraction(String option, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("%s must be in [0, 1], got %s".formatted(option, value));
    }
  }
}
