package chainrule.internal.kernel;

/** Looks through arrays for numbers that computing should not meet. */
public final class Scan {
  private static final int BLOCK = 1 << 14;

  private Scan() {}

  /** Whether an array of floats, doubles or ints holds no NaN and no infinity. */
  public static boolean finite(Object array) {
    return switch (array) {
      case float[] a -> finite(a);
      case double[] a -> finite(a);
      default -> true;
    };
  }

  private static boolean finite(float[] a) {
    for (int from = 0; from < a.length; from += BLOCK) {
      int top = 0;
      int to = Math.min(a.length, from + BLOCK);
      for (int i = from; i < to; i++) {
        top = Math.max(top, Float.floatToRawIntBits(a[i]) & 0x7fffffff);
      }
      if (top >= 0x7f800000) {
        return false;
      }
    }
    return true;
  }

  private static boolean finite(double[] a) {
    for (int from = 0; from < a.length; from += BLOCK) {
      long top = 0;
      int to = Math.min(a.length, from + BLOCK);
      for (int i = from; i < to; i++) {
        top = Math.max(top, Double.doubleToRawLongBits(a[i]) & Long.MAX_VALUE);
      }
      if (top >= 0x7ff0000000000000L) {
        return false;
      }
    }
    return true;
  }

  /** Whether a magnitude lies between 0 and the smallest normal number. */
  public static boolean subnormal(float[] a) {
    int found = 0;
    for (float v : a) {
      int magnitude = Float.floatToRawIntBits(v) & 0x7fffffff;
      found |= (magnitude - 0x00800000) & -magnitude; // the sign: below the normals, and not 0
    }
    return found < 0;
  }
}
