package chainrule.kernels.vector;

/** Arrays that convolutions use again and again; they grow and are never cleared. */
final class ConvScratchF32 {
  private int[] offsets = new int[0];
  private float[] planes = new float[0];
  private float[] block = new float[0];
  private float[] panel = new float[0];
  private float[] tile = new float[0];

  /** Where a window's elements stand. */
  int[] offsets(int n) {
    if (offsets.length < n) {
      offsets = new int[n];
    }
    return offsets;
  }

  /** Planes as they are laid out to be read. */
  float[] planes(int n) {
    if (planes.length < n) {
      planes = new float[n];
    }
    return planes;
  }

  /** What is computed, or weights. */
  float[] block(int n) {
    if (block.length < n) {
      block = new float[n];
    }
    return block;
  }

  /** The right-hand side of a product. */
  float[] panel(int n) {
    if (panel.length < n) {
      panel = new float[n];
    }
    return panel;
  }

  /** A tile of C. */
  float[] tile(int n) {
    if (tile.length < n) {
      tile = new float[n];
    }
    return tile;
  }
}
