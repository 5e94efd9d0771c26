package chainrule.kernels.vector;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.ScalarWindowsF32;
import org.jspecify.annotations.Nullable;

/** The loops over windows on planes of {@code float[]} that run on whole vectors. */
final class WindowsF32 extends ScalarWindowsF32 {
  static final WindowsF32 INSTANCE = new WindowsF32();

  private WindowsF32() {}

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
    ConvF32.run(x, w, bias, y, images, in, out, groups, g);
  }

  @Override
  public void convInput(
      float[] dy, float[] w, float[] dx, int images, int in, int out, int groups, Geometry g) {
    ConvInputF32.run(dy, w, dx, images, in, out, groups, g);
  }

  @Override
  public void convWeight(
      float[] dy, float[] x, float[] dw, int images, int in, int out, int groups, Geometry g) {
    ConvWeightF32.run(dy, x, dw, images, in, out, groups, g);
  }

  @Override
  public void maxPool(float[] x, float[] y, int from, int to, Geometry g) {
    int here = from + PoolPairsF32.planes(to - from, g);
    PoolPairsF32.forward(x, y, from, here, g);
    if (PoolRowsF32.take(g)) {
      PoolRowsF32.max(x, y, here, to, g);
    } else {
      super.maxPool(x, y, here, to, g);
    }
  }

  @Override
  public void maxPoolBackward(
      float[] gradient, float[] x, float[] dx, int from, int to, Geometry g) {
    int here = from + PoolPairsF32.planes(to - from, g);
    PoolPairsF32.backward(gradient, x, dx, from, here, g);
    if (PoolRowsF32.take(g)) {
      PoolRowsF32.maxBackward(gradient, x, dx, here, to, g);
    } else {
      super.maxPoolBackward(gradient, x, dx, here, to, g);
    }
  }

  @Override
  public void avgPool(float[] x, float[] y, int from, int to, boolean padding, Geometry g) {
    if (PoolRowsF32.take(g)) {
      PoolRowsF32.mean(x, y, from, to, padding, g);
    } else {
      super.avgPool(x, y, from, to, padding, g);
    }
  }

  @Override
  public void avgPoolBackward(
      float[] gradient, float[] dx, int from, int to, boolean padding, Geometry g) {
    if (PoolRowsF32.take(g)) {
      PoolRowsF32.meanBackward(gradient, dx, from, to, padding, g);
    } else {
      super.avgPoolBackward(gradient, dx, from, to, padding, g);
    }
  }
}
