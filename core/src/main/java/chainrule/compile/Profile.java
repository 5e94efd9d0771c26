package chainrule.compile;

import chainrule.tensor.Step;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Where the time of a plan goes, against what the processor can do. */
final class Profile {
  /** The side of the matrices whose product shows how fast the processor computes. */
  private static final int SIDE = 384;

  /** Elements of an array that is copied to show how fast memory is. */
  private static final int LONG = 1 << 23;

  private static final int TRIES = 12;

  private final List<Step> steps;
  private final long[][] nanos;

  Profile(List<Step> steps, int runs) {
    this.steps = steps;
    this.nanos = new long[steps.size()][runs];
  }

  void note(int step, int run, long time) {
    nanos[step][run] = time;
  }

  /** The most numbers a second, as a product of matrices shows them. */
  private static double flops() {
    Tensor a = Tensor.ones(SIDE, SIDE);
    var product = Compiled.of(x -> List.of(x.get(0).matmul(x.get(1)).sum()));
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 10 * TRIES; i++) {
      long start = System.nanoTime();
      product.number(a, a);
      least = Math.min(least, System.nanoTime() - start);
    }
    return 2.0 * SIDE * SIDE * SIDE / least * 1e9;
  }

  /** The most bytes a second, read and written. */
  private static double bandwidth() {
    float[] from = new float[LONG];
    float[] to = new float[LONG];
    long least = Long.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      long start = System.nanoTime();
      System.arraycopy(from, 0, to, 0, LONG);
      least = Math.min(least, System.nanoTime() - start);
    }
    return 2.0 * LONG * Float.BYTES / least * 1e9;
  }

  String text() {
    double peak = flops();
    double copy = bandwidth();
    record Line(int step, double micros, Cost cost) {}
    var lines = new ArrayList<Line>();
    double total = 0;
    for (int i = 0; i < nanos.length; i++) {
      Arrays.sort(nanos[i]);
      double micros = nanos[i][nanos[i].length / 2] / 1e3;
      total += micros;
      lines.add(new Line(i, micros, Cost.of(steps.get(i))));
    }
    lines.sort(Comparator.comparingDouble(Line::micros).reversed());
    var text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%.1f µs in %d steps, the longest first; medians of %d runs. The limits: %.0f GFLOPS"
                + " (the product of %d×%d matrices), %.0f GB/s (a copy).%n",
            total,
            steps.size(),
            nanos[0].length,
            peak / 1e9,
            SIDE,
            SIDE,
            copy / 1e9));
    text.append(
        String.format(
            Locale.ROOT,
            "%4s %10s %6s %8s %8s %7s  %s%n",
            "step",
            "µs",
            "share",
            "GFLOPS",
            "GB/s",
            "limit",
            "what"));
    for (Line line : lines) {
      double seconds = line.micros / 1e6;
      double least = Math.max(line.cost.flops() / peak, line.cost.bytes() / copy);
      text.append(
          String.format(
              Locale.ROOT,
              "%4d %10.2f %5.1f%% %8.1f %8.1f %6.0f%%  %s  %s → %s%n",
              line.step,
              line.micros,
              100 * line.micros / total,
              line.cost.flops() / seconds / 1e9,
              line.cost.bytes() / seconds / 1e9,
              100 * least / seconds,
              Plan.shortened(steps.get(line.step).name()),
              Plan.shapes(steps.get(line.step).in()),
              Plan.shapes(steps.get(line.step).out())));
    }
    return text.toString();
  }
}
