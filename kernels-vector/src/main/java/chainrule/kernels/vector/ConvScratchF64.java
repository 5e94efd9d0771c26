package chainrule.kernels.vector;

/** Arrays that a thread uses for convolutions again and again. */
final class ConvScratchF64 {
  private static final ThreadLocal<ConvScratchF64> OWN =
      ThreadLocal.withInitial(ConvScratchF64::new);

  /** Of the call that shares its work among threads. */
  final ConvLayout layout = new ConvLayout();

  private double[] weights = new double[0];
  private int[] offsets = new int[0];
  private double[] planes = new double[0];
  private double[] block = new double[0];

  static ConvScratchF64 own() {
    return OWN.get();
  }

  /** For the call: weights in panels, or sums for them. */
  double[] weights(int n) {
    if (weights.length < n) {
      weights = new double[n];
    }
    return weights;
  }

  /** For the call: where a window's elements stand. */
  int[] offsets(int n) {
    if (offsets.length < n) {
      offsets = new int[n];
    }
    return offsets;
  }

  /** For a task: the planes that it reads. */
  double[] planes(int n) {
    if (planes.length < n) {
      planes = new double[n];
    }
    return planes;
  }

  /** For a task: the block that it computes, or the second operand. */
  double[] block(int n) {
    if (block.length < n) {
      block = new double[n];
    }
    return block;
  }
}
