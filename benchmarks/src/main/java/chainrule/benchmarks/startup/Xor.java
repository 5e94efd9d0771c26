package chainrule.benchmarks.startup;

import chainrule.benchmarks.OurStep;
import chainrule.nn.Linear;
import chainrule.nn.Losses;
import chainrule.nn.Sequential;
import chainrule.nn.Sigmoid;
import chainrule.nn.Tanh;
import chainrule.optim.SGD;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The program that is timed: XOR, 1,000 compiled steps. */
public final class Xor {
  private static final int STEPS = 1000;
  private static final Path STATUS = Path.of("/proc/self/status");

  private Xor() {}

  /** Trains, and prints the last loss and the most memory that the process held, in kB. */
  public static void main(String[] args) throws IOException {
    double loss = train();
    System.out.println(loss + " " + peak());
  }

  /** The loss of the last step. */
  static double train() {
    Tensor x = Tensor.of(new float[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
    Tensor y = Tensor.of(new float[][] {{0}, {1}, {1}, {0}});
    var model = new Sequential(new Linear(2, 4), new Tanh(), new Linear(4, 1), new Sigmoid());
    var sgd = new SGD(model.parameters(), SGD.options().lr(0.5));
    var step = new OurStep(model, Losses::mse, sgd);
    double last = Double.NaN;
    for (int i = 0; i < STEPS; i++) {
      last = step.run(x, y);
    }
    return last;
  }

  private static String peak() throws IOException {
    String label = "VmHWM:";
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(label)) {
        return line.substring(label.length()).replace("kB", "").strip();
      }
    }
    throw new IOException(STATUS + " has no line " + label);
  }
}
