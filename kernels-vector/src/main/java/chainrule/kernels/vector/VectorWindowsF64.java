package chainrule.kernels.vector;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Scan;
import chainrule.internal.kernel.ScalarWindowsF64;
import org.jspecify.annotations.Nullable;

/** The loops over windows on planes of {@code double[]} that run on whole vectors. */
final class VectorWindowsF64 extends ScalarWindowsF64 {
  static final VectorWindowsF64 INSTANCE = new VectorWindowsF64();

  private VectorWindowsF64() {}

  @Override
  public void conv(
      double[] x,
      double[] w,
      double @Nullable [] bias,
      double[] y,
      int images,
      int in,
      int out,
      int groups,
      Geometry g) {
    ConvF64.forward(x, w, bias, y, images, in, out, groups, g);
  }

  @Override
  public void convInput(
      double[] dy, double[] w, double[] dx, int images, int in, int out, int groups, Geometry g) {
    if (Scan.finite(w)) {
      ConvF64.input(dy, w, dx, images, in, out, groups, g);
    } else {
      super.convInput(dy, w, dx, images, in, out, groups, g);
    }
  }

  @Override
  public void convWeight(
      double[] dy, double[] x, double[] dw, int images, int in, int out, int groups, Geometry g) {
    ConvWeightF64.run(dy, x, dw, images, in, out, groups, g);
  }
}
