package chainrule.examples.reproduce;

import chainrule.compile.Compiled;
import chainrule.examples.random.TorchRandom;
import chainrule.nn.Losses;
import chainrule.optim.SGD;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** How makemore's nets are trained and judged: SGD on 32 examples drawn by torch, two rates. */
final class Makemore {
  static final int SEED = 2147483647;
  static final int BATCH = 32;
  private static final int JUDGED = 4096;

  private Makemore() {}

  /** torch's {@code randn(shape) * scale}. */
  static Parameter normal(TorchRandom g, String name, double scale, int... shape) {
    int n = IntStream.of(shape).reduce(1, Math::multiplyExact);
    return Tensor.of(g.randn(n), shape).mul(scale).requiresGrad(name);
  }

  /** The loss of every step. */
  static double[] train(
      Lab lab,
      List<Parameter> parameters,
      Function<Tensor, Tensor> logits,
      Names.Examples examples,
      TorchRandom g,
      int steps,
      int slower) {
    SGD sgd = new SGD(parameters, SGD.options().lr(0.1));
    Compiled step = Nets.step(sgd, in -> Losses.crossEntropy(logits.apply(in.get(0)), in.get(1)));
    double[] losses = new double[steps];
    for (int k = 0; k < steps; k++) {
      sgd.lr(k < slower ? 0.1 : 0.01);
      int[] rows = g.randint(examples.size(), BATCH);
      losses[k] = step.number(examples.inputs(rows), examples.targets(rows));
      if (k % 20_000 == 0) {
        lab.progress("step %,d of %,d, loss %.4f", k, steps, losses[k]);
      }
    }
    return losses;
  }

  /** The mean loss over all examples. */
  static double loss(Function<Tensor, Tensor> logits, Names.Examples examples) {
    double sum = 0;
    for (int from = 0; from < examples.size(); from += JUDGED) {
      int[] rows = IntStream.range(from, Math.min(from + JUDGED, examples.size())).toArray();
      Tensor x = examples.inputs(rows);
      Tensor y = examples.targets(rows);
      sum += rows.length * Tape.noGrad(() -> Losses.crossEntropy(logits.apply(x), y)).item();
    }
    return sum / examples.size();
  }

  /** Draws the losses, each point the mean of a thousandth of the steps. */
  static void draw(Lab lab, String title, double[] losses) {
    int width = Math.max(1, losses.length / 200);
    double[] y = Nets.means(losses, width);
    double[] x = new double[y.length];
    Arrays.setAll(x, i -> (i + 0.5) * width);
    lab.draw(
        new Plot.Curves(title, "step", "loss", false, List.of(new Plot.Curve("batch loss", x, y))));
  }

  /** Names that a model writes, symbol by symbol. */
  static String write(Function<Tensor, Tensor> logits, int context, int count) {
    TorchRandom g = new TorchRandom(SEED + 10);
    var text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int[] window = new int[context];
      int symbol;
      do {
        Tensor x = Tensor.of(window, 1, context);
        float[] p = Tape.noGrad(() -> logits.apply(x).softmax(1)).toFloatArray();
        symbol = draw(p, g.uniform());
        System.arraycopy(window, 1, window, 0, context - 1);
        window[context - 1] = symbol;
        text.append(symbol == 0 ? '\n' : Names.ALPHABET.charAt(symbol));
      } while (symbol != 0);
    }
    return text.toString();
  }

  /** The index at which the sum of the probabilities passes {@code u}. */
  static int draw(float[] p, double u) {
    double sum = 0;
    for (int i = 0; i + 1 < p.length; i++) {
      sum += p[i];
      if (u < sum) {
        return i;
      }
    }
    return p.length - 1;
  }
}
