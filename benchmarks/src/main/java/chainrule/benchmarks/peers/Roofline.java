package chainrule.benchmarks.peers;

import chainrule.benchmarks.Svg;
import chainrule.compile.Profile;
import chainrule.tensor.Tensor;

/**
 * A workload as its steps lie under the roofline: to the right those that compute much for each
 * byte, higher those that compute faster, larger those that take longer. No step lies above the
 * roof but by what caches serve.
 *
 * @param plan what is run, in its order
 * @param profile where its time goes
 */
public record Roofline(String plan, Profile profile) {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 440;
  private static final int LEFT = 70;
  private static final int BOTTOM = HEIGHT - 46;
  private static final int RIGHT = WIDTH - 20;
  private static final int TOP = 40;
  private static final int FROM_X = -2;
  private static final int TO_X = 3;
  private static final int DECADES = 5;
  private static final double LARGEST = 26;
  private static final double NAMED = 7;
  private static final long WARM_NANOS = 5_000_000_000L;
  private static final long MEASURED_NANOS = 3_000_000_000L;

  /** Runs a workload for some seconds, and then looks where its time goes. */
  public static Roofline measure(Training training) {
    if (training == Training.INFER1) {
      var ours = new OurInference();
      Tensor x = Tensor.zeros(1, training.features());
      return new Roofline(ours.plan().describe(), ours.plan().profile(warm(ours), x));
    }
    var ours = new OurTraining(training);
    int runs = warm(ours);
    ours.again();
    return new Roofline(ours.plan().describe(), ours.profile(runs));
  }

  /** Warms up, and says how many runs take some seconds. */
  private static int warm(Engine.Task task) {
    long start = System.nanoTime();
    long least = Long.MAX_VALUE;
    while (System.nanoTime() - start < WARM_NANOS) {
      long before = System.nanoTime();
      task.run();
      least = Math.min(least, System.nanoTime() - before);
    }
    return Math.clamp(MEASURED_NANOS / least, 20, 100_000);
  }

  /** The picture. */
  public Svg draw(String title) {
    Svg svg = new Svg(WIDTH, HEIGHT);
    double peak = profile.flopsPerSecond() / 1e9;
    double copy = profile.bytesPerSecond() / 1e9;
    int toY = (int) Math.ceil(Math.log10(peak));
    svg.text(LEFT, 22, "start", "title", title);
    for (int power = FROM_X; power <= TO_X; power++) {
      double x = x(power);
      svg.grid(x, BOTTOM, x, TOP);
      svg.text(x, BOTTOM + 16, "middle", "", number(power));
    }
    svg.text((LEFT + RIGHT) / 2.0, HEIGHT - 8, "middle", "", "FLOP for each byte read or written");
    for (int power = toY - DECADES; power <= toY; power++) {
      double y = y(power, toY);
      svg.grid(LEFT, y, RIGHT, y);
      svg.text(LEFT - 6, y + 4, "end", "", number(power));
    }
    svg.text(LEFT, TOP - 4, "start", "", "GFLOPS");
    double ridge = Math.log10(peak / copy);
    svg.path(
        "c1",
        x(FROM_X),
        y(Math.log10(copy) + FROM_X, toY),
        x(ridge),
        y(Math.log10(peak), toY),
        x(TO_X),
        y(Math.log10(peak), toY));
    svg.text(RIGHT, y(Math.log10(peak), toY) - 6, "end", "t1", Math.round(peak) + " GFLOPS");
    svg.text(x(-1) + 8, y(Math.log10(copy) - 1, toY) - 10, "end", "t1", Math.round(copy) + " GB/s");
    double total = profile.lines().stream().mapToDouble(Profile.Line::micros).sum();
    for (Profile.Line line : profile.lines()) {
      if (line.flops() <= 0 || line.bytes() <= 0) {
        continue;
      }
      double x = x(Math.clamp(Math.log10(line.flops() / line.bytes()), FROM_X, TO_X));
      double speed = Math.log10(line.flops() / line.micros() / 1e3);
      double y = y(Math.max(speed, toY - DECADES), toY);
      double radius = Math.max(2, LARGEST * Math.sqrt(line.micros() / total));
      svg.disc("t0", x, y, radius);
      if (radius > NAMED) {
        svg.text(x, y + 4, "middle", "title", Integer.toString(line.step()));
      }
    }
    return svg;
  }

  private static String number(int power) {
    return power >= 0
        ? Long.toString(Math.round(Math.pow(10, power)))
        : "0." + "0".repeat(-power - 1) + "1";
  }

  private static double x(double power) {
    return LEFT + (RIGHT - LEFT) * (power - FROM_X) / (TO_X - FROM_X);
  }

  private static double y(double power, int top) {
    return BOTTOM - (BOTTOM - TOP) * (power - top + DECADES) / DECADES;
  }
}
