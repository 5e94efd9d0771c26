package chainrule.kernels.vector;

/** Arrays that a thread uses for convolutions again and again. */
final class ConvScratchF32 {
  private static final ThreadLocal<ConvScratchF32> OWN =
      ThreadLocal.withInitial(ConvScratchF32::new);

  /** Of the call that shares its work among threads. */
  final ConvLayout layout = new ConvLayout();

  private float[] weights = new float[0];
  private int[] offsets = new int[0];
  private float[] planes = new float[0];
  private float[] block = new float[0];

  static ConvScratchF32 own() {
    return OWN.get();
  }

  /** For the call: weights in panels, or sums for them. */
  float[] weights(int n) {
    if (weights.length < n) {
      weights = new float[n];
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
  float[] planes(int n) {
    if (planes.length < n) {
      planes = new float[n];
    }
    return planes;
  }

  /** For a task: the block that it computes, or the second operand. */
  float[] block(int n) {
    if (block.length < n) {
      block = new float[n];
    }
    return block;
  }
}
