package chainrule.benchmarks.growth;

import chainrule.benchmarks.OurStep;
import chainrule.benchmarks.Statistics;
import chainrule.nn.Losses;
import chainrule.nn.Module;
import chainrule.nn.Summary;
import chainrule.optim.SGD;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;

/** The process that times the steps at one size. */
public final class Growth {
  private static final long WARM_NANOS = 300_000_000L;
  private static final int FEWEST_WARM_TURNS = 8;
  private static final int LONGEST_WARM_TURNS = 20;

  /** A turn that is faster by less than this share ends the warming up. */
  private static final double FASTER = 0.05;

  private static final long TURN_NANOS = 100_000_000L;
  private static final int TURNS = 9;

  /** Forward, the gradient of the input and that of the weights take as many products each. */
  private static final int PASSES = 3;

  private Growth() {}

  /**
   * Prints the time of a step in µs, its spread, and its FLOPs.
   *
   * @param args the axis and the size
   */
  public static void main(String[] args) {
    Axis axis = Axis.valueOf(args[0]);
    int size = Integer.parseInt(args[1]);
    Module network = axis.network(size);
    Tensor x = axis.input(size);
    Tensor y = Tape.noGrad(() -> network.forward(x)).mul(0);
    SGD sgd = new SGD(network.parameters(), SGD.options().lr(1e-3));
    OurStep step = new OurStep(network, Losses::mse, sgd);
    warm(step, x, y);
    double[] turns = new double[TURNS];
    for (int i = 0; i < TURNS; i++) {
      turns[i] = turn(step, x, y, TURN_NANOS);
    }
    System.out.println(
        Statistics.median(turns) + " " + Statistics.spread(turns) + " " + flops(network, x));
    System.exit(0);
  }

  private static void warm(OurStep step, Tensor x, Tensor y) {
    double best = turn(step, x, y, WARM_NANOS);
    for (int i = 1; i < LONGEST_WARM_TURNS; i++) {
      double next = turn(step, x, y, WARM_NANOS);
      if (i >= FEWEST_WARM_TURNS && next > (1 - FASTER) * best) {
        return;
      }
      best = Math.min(best, next);
    }
  }

  /** Of a step, from those of its forward pass. */
  static long flops(Module network, Tensor x) {
    return PASSES * Summary.of(network, x).flops();
  }

  /** The mean time of a step in µs. */
  private static double turn(OurStep step, Tensor x, Tensor y, long nanos) {
    long start = System.nanoTime();
    long steps = 0;
    long elapsed;
    do {
      step.run(x, y);
      steps++;
      elapsed = System.nanoTime() - start;
    } while (elapsed < nanos);
    return elapsed / 1e3 / steps;
  }
}
