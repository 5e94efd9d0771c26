package chainrule.examples.reproduce;

import chainrule.compile.Compiled;
import chainrule.nn.Linear;
import chainrule.nn.Module;
import chainrule.nn.ReLU;
import chainrule.nn.Sequential;
import chainrule.optim.Optimizer;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What several experiments need: a plain network, and the plane that a classifier colours. */
final class Nets {
  private Nets() {}

  /** Linear layers of the given sizes with ReLU between them. */
  static Sequential mlp(int... sizes) {
    List<Module> layers = new ArrayList<>();
    for (int i = 1; i < sizes.length; i++) {
      layers.add(new Linear(sizes[i - 1], sizes[i]));
      if (i + 1 < sizes.length) {
        layers.add(new ReLU());
      }
    }
    return new Sequential(layers);
  }

  /** A compiled training step: the loss before an update by the optimizer. */
  static Compiled step(Optimizer optimizer, Function<List<Tensor>, Tensor> loss) {
    return Compiled.of(
        in ->
            List.of(
                optimizer
                    .step(
                        () -> {
                          optimizer.zeroGrad();
                          Tensor y = loss.apply(in);
                          y.backward();
                          return y;
                        })
                    .detach()),
        optimizer::structure);
  }

  /** The mean of every {@code width} values, which smooths a curve of losses. */
  static double[] means(double[] values, int width) {
    double[] means = new double[values.length / width];
    for (int i = 0; i < means.length * width; i++) {
      means[i / width] += values[i] / width;
    }
    return means;
  }

  /** The least and largest x, then y, of points, with a margin. */
  static double[] range(double[][] points) {
    double[] range = {1e300, -1e300, 1e300, -1e300};
    for (double[] p : points) {
      for (int d = 0; d < 2; d++) {
        range[2 * d] = Math.min(range[2 * d], p[d]);
        range[2 * d + 1] = Math.max(range[2 * d + 1], p[d]);
      }
    }
    for (int d = 0; d < 4; d += 2) {
      double margin = 0.1 * (range[d + 1] - range[d]);
      range[d] -= margin;
      range[d + 1] += margin;
    }
    return range;
  }

  /** The points of a square grid over a range, row by row from the least y, (side², 2). */
  static Tensor grid(double[] range, int side) {
    double[] xy = new double[2 * side * side];
    for (int i = 0; i < side * side; i++) {
      int line = i / side;
      xy[2 * i] = range[0] + (range[1] - range[0]) * (i % side + 0.5) / side;
      xy[2 * i + 1] = range[2] + (range[3] - range[2]) * (line + 0.5) / side;
    }
    return Tensor.of(xy, side * side, 2);
  }

  /** 1 where a single score is above zero, else 0. */
  static int[] sides(Tensor scores) {
    double[] s = scores.toDoubleArray();
    int[] sides = new int[s.length];
    for (int i = 0; i < s.length; i++) {
      sides[i] = s[i] > 0 ? 1 : 0;
    }
    return sides;
  }
}
