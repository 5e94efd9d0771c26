package chainrule.math;

/** Logarithms that several lines of the table share. */
final class Constants {
  static final double LN2 = 0.6931471805599453;
  static final double LN10 = 2.302585092994046;

  private Constants() {}
}
