package chainrule.internal.kernel;

/**
 * Arrays for the middle of a kernel, one of each use and thread, that go from call to call so that
 * a kernel allocates nothing. Nothing in them outlives the call.
 */
public final class Scratch {
  private static final ThreadLocal<Scratch> MINE = ThreadLocal.withInitial(Scratch::new);

  private final float[][] floats = new float[Use.values().length][0];
  private final double[][] doubles = new double[Use.values().length][0];

  private Scratch() {}

  /** What an array is for: arrays of different uses are different arrays. */
  public enum Use {
    /** The 64 lanes of a sum. */
    LANES,
    /** The 64 lanes of a second sum. */
    MORE_LANES,
    /** A row, or a block of short rows. */
    ROW_A,
    /** Another row. */
    ROW_B,
    /** A third row. */
    ROW_C,
    /** What a caller of kernels hands to them: parts of a result. */
    PARTS,
    /** More of these. */
    MORE_PARTS,
    /** The gates of a recurrent layer's step. */
    GATES,
    /** The same, each gate by itself. */
    MORE_GATES,
    /** A recurrent layer's weights, transposed. */
    WEIGHTS,
    /** One number for each channel. */
    CHANNELS_A,
    /** Another. */
    CHANNELS_B,
    /** A third. */
    CHANNELS_C,
    /** A fourth. */
    CHANNELS_D
  }

  /** At least {@code n} floats, which hold anything. */
  public static float[] floats(Use use, int n) {
    float[][] all = MINE.get().floats;
    float[] out = all[use.ordinal()];
    if (out.length < n) {
      out = new float[grown(n)];
      all[use.ordinal()] = out;
    }
    return out;
  }

  /** At least {@code n} doubles, which hold anything. */
  public static double[] doubles(Use use, int n) {
    double[][] all = MINE.get().doubles;
    double[] out = all[use.ordinal()];
    if (out.length < n) {
      out = new double[grown(n)];
      all[use.ordinal()] = out;
    }
    return out;
  }

  /** At least {@code n} elements of the kind that {@code model} has, which hold anything. */
  @SuppressWarnings("unchecked") // float[] for float[], double[] for double[]
  static <A> A like(A model, Use use, int n) {
    return (A) (model instanceof float[] ? floats(use, n) : doubles(use, n));
  }

  /** Room for what comes next, so that slowly growing rows do not allocate every time. */
  private static int grown(int n) {
    return Math.max(n, Math.max(64, (int) Math.min(1L << 30, Integer.highestOneBit(n) * 2L)));
  }
}
