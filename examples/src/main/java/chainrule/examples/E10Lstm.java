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
import java.util.random.RandomGenerator;

/**
 * {@code 10-lstm}: the adding problem (Hochreiter and Schmidhuber 1997). A sequence holds numbers
 * in [0, 1) and two marks; the answer is the sum of the two marked numbers, which stand far from
 * each other and from the end. Answering 1 every time has a mean squared error of 1/6 = 0.1667.
 *
 * <p>Gated networks solve it; a plain tanh network forgets. Arguments: length of the sequences, 100
 * in the published table, and steps of training.
 */
public final class E10Lstm {
  private static final int BATCH = 32;
  private static final int UNITS = 32;

  private E10Lstm() {}

  /** Sequences, T×N×2, and their sums, N×1. */
  private record Batch(Tensor x, Tensor y) {}

  private static Batch draw(int steps, RandomGenerator random) {
    float[] x = new float[steps * BATCH * 2];
    float[] y = new float[BATCH];
    for (int n = 0; n < BATCH; n++) {
      int first = random.nextInt(steps / 2);
      int second = steps / 2 + random.nextInt(steps - steps / 2);
      for (int t = 0; t < steps; t++) {
        int at = (t * BATCH + n) * 2;
        x[at] = random.nextFloat();
        x[at + 1] = t == first || t == second ? 1 : 0;
        y[n] += x[at] * x[at + 1];
      }
    }
    return new Batch(Tensor.of(x, steps, BATCH, 2), Tensor.of(y, BATCH, 1));
  }

  /** Trains the three networks side by side and prints their errors on sequences not seen. */
  public static void main(String[] args) {
    int length = args.length > 0 ? Integer.parseInt(args[0]) : 20;
    int steps = args.length > 1 ? Integer.parseInt(args[1]) : 600;
    Map<Module, Adam> networks = new LinkedHashMap<>();
    for (Module body : new Module[] {new RNN(2, UNITS), new LSTM(2, UNITS), new GRU(2, UNITS)}) {
      var model = new Sequential(body, new Select(0, -1), new Linear(UNITS, 1)).init(1);
      networks.put(model, new Adam(model.parameters(), Adam.options().lr(5e-3)));
    }
    System.out.printf("length %d     tanh RNN      LSTM       GRU%n", length);
    for (int step = 1; step <= steps; step++) {
      Batch batch = draw(length, new Philox(1, "adding", step, 0));
      networks.forEach(
          (model, adam) -> {
            adam.zeroGrad();
            Losses.mse(model.forward(batch.x), batch.y).backward();
            Clip.norm(model.parameters(), 1);
            adam.step();
          });
      if (step % (steps / 6) == 0) {
        System.out.printf("step %5d  ", step);
        Batch test = draw(length, new Philox(2, "adding", 0, 0));
        networks.keySet().forEach(m -> System.out.printf(ROOT, "%10.4f", error(m, test)));
        System.out.println();
      }
    }
  }

  private static double error(Module model, Batch test) {
    return model.predict(test.x).sub(test.y).square().mean().item();
  }
}
