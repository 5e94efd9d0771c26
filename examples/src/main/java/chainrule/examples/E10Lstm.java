package chainrule.examples;

import static java.util.Locale.ROOT;

import chainrule.math.Philox;
import chainrule.nn.GRU;
import chainrule.nn.LSTM;
import chainrule.nn.Linear;
import chainrule.nn.Losses;
import chainrule.nn.Module;
import chainrule.nn.RNN;
import chainrule.nn.Select;
import chainrule.nn.Sequential;
import chainrule.optim.Adam;
import chainrule.optim.Clip;
import chainrule.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code 10-lstm}: the adding problem (Hochreiter and Schmidhuber 1997). A sequence holds numbers
 * in [0, 1) and two marks; the answer is the sum of the two marked numbers, far from each other and
 * from the end. Who always answers 1 has an error of 1/6. Gated networks learn it, a plain one
 * forgets. Arguments: the sequences' length, 100 in the literature, and steps of training.
 */
public final class E10Lstm {
  private E10Lstm() {}

  /** Sequences, T×N×2, and their sums, N×1. */
  private record Batch(Tensor x, Tensor y) {}

  private static Batch draw(int length, int rows, Philox random) {
    float[] x = new float[length * rows * 2];
    float[] y = new float[rows];
    for (int n = 0; n < rows; n++) {
      int first = random.nextInt(length / 2);
      int second = length / 2 + random.nextInt(length - length / 2);
      for (int t = 0; t < length; t++) {
        int at = (t * rows + n) * 2;
        x[at] = random.nextFloat();
        x[at + 1] = t == first || t == second ? 1 : 0;
        y[n] += x[at] * x[at + 1];
      }
    }
    return new Batch(Tensor.of(x, length, rows, 2), Tensor.of(y, rows, 1));
  }

  /** Trains three networks side by side and prints their errors on sequences that none has seen. */
  public static void main(String[] args) {
    int length = args.length > 0 ? Integer.parseInt(args[0]) : 30;
    int steps = args.length > 1 ? Integer.parseInt(args[1]) : 600;
    Map<Module, Adam> networks = new LinkedHashMap<>();
    for (Module body : new Module[] {new RNN(2, 32), new LSTM(2, 32), new GRU(2, 32)}) {
      var model = new Sequential(body, new Select(0, -1), new Linear(32, 1)).init(1);
      networks.put(model, new Adam(model.parameters(), Adam.options().lr(5e-3)));
    }
    Batch test = draw(length, 500, new Philox(2));
    System.out.printf("length %4d   plain RNN      LSTM       GRU%n", length);
    for (int step = 1; step <= steps; step++) {
      Batch batch = draw(length, 32, new Philox(1, "train", step, 0));
      networks.forEach(
          (model, adam) -> {
            adam.zeroGrad();
            Losses.mse(model.forward(batch.x), batch.y).backward();
            Clip.norm(model.parameters(), 1);
            adam.step();
          });
      if (step % Math.max(1, steps / 6) == 0) {
        System.out.printf("step %6d  ", step);
        networks.keySet().forEach(m -> System.out.printf(ROOT, "%10.4f", error(m, test)));
        System.out.println();
      }
    }
  }

  private static double error(Module model, Batch test) {
    return Losses.mse(model.forward(test.x).detach(), test.y).item();
  }
}
