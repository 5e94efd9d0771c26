package chainrule.compile;

import chainrule.tensor.Step;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Where the time of a plan goes, against what the processor can do: the roofline model of Williams,
 * Waterman and Patterson, <i>Roofline: an insightful visual performance model</i> (2009). Printed,
 * it is a table, the longest step first.
 */
public final class Profile {
  /**
   * A step of the plan.
   *
   * @param step its place in the plan, from 0
   * @param what its name and its shapes
   * @param micros its time in µs, the median of the runs
   * @param flops the operations on numbers that it does, about; a multiply-add is two
   * @param bytes what it reads and writes, about, if nothing is in a cache
   */
  public record Line(int step, String what, double micros, double flops, double bytes) {}

  /** The side of the matrices whose product shows how fast the processor computes. */
  private static final int SIDE = 384;

  /** Elements of an array that is copied to show how fast memory is. */
  private static final int LONG = 1 << 23;

  private static final int TRIES = 12;

  private final double peak;
  private final double copy;
  private final int runs;
  private final List<Line> lines;

  /** Of times in ns for each step and each run, which are sorted here. */
  Profile(List<Step> steps, int runs, long[][] nanos) {
    this.peak = measuredFlops();
    this.copy = measuredBandwidth();
    this.runs = runs;
    var found = new ArrayList<Line>();
    for (int i = 0; i < nanos.length; i++) {
      Step step = steps.get(i);
      Arrays.sort(nanos[i]);
      Cost cost = Cost.of(step);
      String what =
          "%s  %s → %s"
              .formatted(
                  Plan.shortened(step.name()), Plan.shapes(step.in()), Plan.shapes(step.out()));
      found.add(new Line(i, what, nanos[i][runs / 2] / 1e3, cost.flops(), cost.bytes()));
    }
    found.sort(Comparator.comparingDouble(Line::micros).reversed());
    this.lines = Collections.unmodifiableList(found);
  }

  /** The steps, the longest first. */
  public List<Line> lines() {
    return lines;
  }

  /** The most operations on numbers a second, by a product of matrices measured here and now. */
  public double flopsPerSecond() {
    return peak;
  }

  /** The most bytes read and written a second, by a copy measured here and now. */
  public double bytesPerSecond() {
    return copy;
  }

  /** The share of the limit that a step reaches: above 1 is what a cache serves. */
  public double share(Line line) {
    return Math.max(line.flops / peak, line.bytes / copy) / (line.micros / 1e6);
  }

  private static double measuredFlops() {
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

  private static double measuredBandwidth() {
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

  @Override
  public String toString() {
    double total = lines.stream().mapToDouble(Line::micros).sum();
    var text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%.1f µs in %d steps, the longest first; medians of %d runs. The limits: %.0f GFLOPS"
                + " (the product of %d×%d matrices), %.0f GB/s (a copy).%n",
            total,
            lines.size(),
            runs,
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
      text.append(
          String.format(
              Locale.ROOT,
              "%4d %10.2f %5.1f%% %8.1f %8.1f %6.0f%%  %s%n",
              line.step,
              line.micros,
              100 * line.micros / total,
              line.flops / seconds / 1e9,
              line.bytes / seconds / 1e9,
              100 * share(line),
              line.what));
    }
    return text.toString();
  }
}
