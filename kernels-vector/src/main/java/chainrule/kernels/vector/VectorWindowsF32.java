package chainrule.kernels.vector;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Scan;
import chainrule.internal.kernel.ScalarWindowsF32;
import org.jspecify.annotations.Nullable;

/** The loops over windows on planes of {@code float[]} that run on whole vectors. */
final class VectorWindowsF32 extends ScalarWindowsF32 {
  static final VectorWindowsF32 INSTANCE = new VectorWindowsF32();

  private VectorWindowsF32() {}

  @Override
  public void conv(
      float[] x,
      float[] w,
      float @Nullable [] bias,
      float[] y,
      int images,
      int in,
      int out,
      int groups,
      Geometry g) {
    ConvF32.forward(x, w, bias, y, images, in, out, groups, g);
  }

  @Override
  public void convInput(
      float[] dy, float[] w, float[] dx, int images, int in, int out, int groups, Geometry g) {
    if (Scan.finite(w)) {
      ConvF32.input(dy, w, dx, images, in, out, groups, g);
    } else {
      super.convInput(dy, w, dx, images, in, out, groups, g);
    }
  }

  @Override
  public void convWeight(
      float[] dy, float[] x, float[] dw, int images, int in, int out, int groups, Geometry g) {
    ConvWeightF32.run(dy, x, dw, images, in, out, groups, g);
  }
}
