package chainrule.benchmarks.growth;

import chainrule.benchmarks.OurStep;
import chainrule.benchmarks.Statistics;
import chainrule.nn.Losses;
import chainrule.nn.Module;
import chainrule.nn.Summary;
import chainrule.optim.SGD;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;

/** The process that times the steps along one axis. */
public final class Growth {
  private static final long WARM_NANOS = 1_500_000_000L;
  private static final long TURN_NANOS = 100_000_000L;
  private static final int TURNS = 9;

  /** Forward, the gradient of the input and that of the weights take as many products each. */
  private static final int PASSES = 3;

  private Growth() {}

  /**
   * Prints a line for each size: the size, the time of a step in µs, its spread, its FLOPs.
   *
   * @param args the axis, and how many sizes it passes over for each that it times
   */
  public static void main(String[] args) {
    Axis axis = Axis.valueOf(args[0]);
    int[] sizes = axis.sizes();
    int stride = Integer.parseInt(args[1]);
    for (int i = 0; i < sizes.length; i += stride) {
      System.out.println(line(axis, sizes[i]));
    }
    System.exit(0);
  }

  private static String line(Axis axis, int size) {
    Module network = axis.network(size);
    Tensor x = axis.input(size);
    Tensor y = Tape.noGrad(() -> network.forward(x)).mul(0);
    SGD sgd = new SGD(network.parameters(), SGD.options().lr(1e-3));
    OurStep step = new OurStep(network, Losses::mse, sgd);
    turn(step, x, y, WARM_NANOS);
    double[] turns = new double[TURNS];
    for (int i = 0; i < TURNS; i++) {
      turns[i] = turn(step, x, y, TURN_NANOS);
    }
    return size
        + " "
        + Statistics.median(turns)
        + " "
        + Statistics.spread(turns)
        + " "
        + flops(network, x);
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
