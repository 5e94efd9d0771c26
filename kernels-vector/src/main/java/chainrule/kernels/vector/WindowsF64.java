package chainrule.kernels.vector;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.ScalarWindowsF64;
import org.jspecify.annotations.Nullable;

/** The loops over windows on planes of {@code double[]} that run on whole vectors. */
final class WindowsF64 extends ScalarWindowsF64 {
  static final WindowsF64 INSTANCE = new WindowsF64();

  private WindowsF64() {}

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
    ConvF64.run(x, w, bias, y, images, in, out, groups, g);
  }

  @Override
  public void convInput(
      double[] dy, double[] w, double[] dx, int images, int in, int out, int groups, Geometry g) {
    ConvInputF64.run(dy, w, dx, images, in, out, groups, g);
  }

  @Override
  public void convWeight(
      double[] dy, double[] x, double[] dw, int images, int in, int out, int groups, Geometry g) {
    ConvWeightF64.run(dy, x, dw, images, in, out, groups, g);
  }

  @Override
  public void maxPool(double[] x, double[] y, int from, int to, Geometry g) {
    int here = from + PoolPairsF64.planes(to - from, g);
    PoolPairsF64.forward(x, y, from, here, g);
    if (PoolRowsF64.take(g)) {
      PoolRowsF64.max(x, y, here, to, g);
    } else {
      super.maxPool(x, y, here, to, g);
    }
  }

  @Override
  public void maxPoolBackward(
      double[] gradient, double[] x, double[] dx, int from, int to, Geometry g) {
    int here = from + PoolPairsF64.planes(to - from, g);
    PoolPairsF64.backward(gradient, x, dx, from, here, g);
    if (PoolRowsF64.take(g)) {
      PoolRowsF64.maxBackward(gradient, x, dx, here, to, g);
    } else {
      super.maxPoolBackward(gradient, x, dx, here, to, g);
    }
  }

  @Override
  public void avgPool(double[] x, double[] y, int from, int to, boolean padding, Geometry g) {
    if (PoolRowsF64.take(g)) {
      PoolRowsF64.mean(x, y, from, to, padding, g);
    } else {
      super.avgPool(x, y, from, to, padding, g);
    }
  }

  @Override
  public void avgPoolBackward(
      double[] gradient, double[] dx, int from, int to, boolean padding, Geometry g) {
    if (PoolRowsF64.take(g)) {
      PoolRowsF64.meanBackward(gradient, dx, from, to, padding, g);
    } else {
      super.avgPoolBackward(gradient, dx, from, to, padding, g);
    }
  }
}
