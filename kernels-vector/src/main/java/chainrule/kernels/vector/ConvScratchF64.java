package chainrule.kernels.vector;

/** Arrays that convolutions use again and again; they grow and are never cleared. */
final class ConvScratchF64 {
  private int[] offsets = new int[0];
  private double[] planes = new double[0];
  private double[] block = new double[0];
  private double[] panel = new double[0];
  private double[] tile = new double[0];

  /** Where a window's elements stand. */
  int[] offsets(int n) {
    if (offsets.length < n) {
      offsets = new int[n];
    }
    return offsets;
  }

  /** Planes as they are laid out to be read. */
  double[] planes(int n) {
    if (planes.length < n) {
      planes = new double[n];
    }
    return planes;
  }

  /** What is computed, or weights. */
  double[] block(int n) {
    if (block.length < n) {
      block = new double[n];
    }
    return block;
  }

  /** The right-hand side of a product. */
  double[] panel(int n) {
    if (panel.length < n) {
      panel = new double[n];
    }
    return panel;
  }

  /** A tile of C. */
  double[] tile(int n) {
    if (tile.length < n) {
      tile = new double[n];
    }
    return tile;
  }
}
