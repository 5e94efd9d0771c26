package chainrule.examples.reproduce;

import chainrule.compile.Compiled;
import chainrule.examples.random.TorchRandom;
import chainrule.math.Philox;
import chainrule.optim.AdamW;
import chainrule.optim.Clip;
import chainrule.optim.Optimizer;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Characters of Shakespeare: the bigram model of the lecture, and nanoGPT's small GPT for a
 * computer without a graphics card.
 *
 * <p>Sources: Karpathy, <i>Let's build GPT</i> (2023); nanoGPT's README, "I only have a macbook".
 */
final class Shakespeare {
  private static final String FILE = "tinyshakespeare.txt";

  static final List<Experiment> EXPERIMENTS =
      List.of(
          new Experiment(
              "shakespeare-bigram",
              "Karpathy, let's build GPT (2023)",
              "65 symbols, 1,003,854 and 111,540 characters; the bigram model ends at 2.45 to 2.49",
              "",
              "3 s",
              List.of(FILE),
              Shakespeare::bigram),
          new Experiment(
              "shakespeare-gpt",
              "Karpathy, nanoGPT (2023), README: the recipe for a processor",
              "loss about 1.88 after 2,000 steps",
              "",
              "2 min",
              List.of(FILE),
              Shakespeare::gpt));

  private static final int JUDGED = 100;

  private final String symbols;
  private final int[] train;
  private final int[] held;

  private Shakespeare(Lab lab) throws IOException {
    String text = Files.readString(lab.data(FILE));
    symbols =
        text.chars()
            .distinct()
            .sorted()
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    int[] all = text.chars().map(symbols::indexOf).toArray();
    int cut = (int) (0.9 * all.length);
    train = Arrays.copyOf(all, cut);
    held = Arrays.copyOfRange(all, cut, all.length);
    lab.exact("symbols", 65, symbols.length());
    lab.exact("training characters", 1_003_854, train.length);
    lab.exact("held-out characters", 111_540, held.length);
  }

  /** Windows of a text, and the same one character later. */
  private record Windows(Tensor x, Tensor y) {
    static Windows draw(int[] text, TorchRandom g, int count, int context) {
      int[] at = g.randint(text.length - context, count);
      int[] x = new int[count * context];
      int[] y = new int[count * context];
      for (int i = 0; i < count; i++) {
        System.arraycopy(text, at[i], x, i * context, context);
        System.arraycopy(text, at[i] + 1, y, i * context, context);
      }
      return new Windows(Tensor.of(x, count, context), Tensor.of(y, count * context));
    }
  }

  private static Tensor loss(UnaryOperator<Tensor> model, Tensor x, Tensor y) {
    Tensor scores = model.apply(x);
    return scores.reshape(-1, scores.size(-1)).crossEntropy(y);
  }

  /** The mean over windows drawn from what was held out. */
  private double judged(UnaryOperator<Tensor> model, int count, int context) {
    var g = new TorchRandom(7);
    double sum = 0;
    for (int i = 0; i < JUDGED; i++) {
      Windows w = Windows.draw(held, g, count, context);
      sum += Tape.noGrad(() -> loss(model, w.x, w.y)).item();
    }
    return sum / JUDGED;
  }

  /** Text that goes on from a line's end. */
  private String write(UnaryOperator<Tensor> model, int context, int length) {
    var g = new TorchRandom(1337);
    int[] said = new int[length + 1];
    for (int i = 0; i < length; i++) {
      int from = Math.max(0, i + 1 - context);
      Tensor x = Tensor.of(Arrays.copyOfRange(said, from, i + 1), 1, i + 1 - from);
      Tensor scores = Tape.noGrad(() -> model.apply(x));
      float[] p = scores.pick(1, x.size(1) - 1).softmax(1).toFloatArray();
      said[i + 1] = Makemore.draw(p, g.uniform());
    }
    var text = new StringBuilder();
    Arrays.stream(said).skip(1).forEach(s -> text.append(symbols.charAt(s)));
    return text.toString();
  }

  private static void bigram(Lab lab) throws IOException {
    var data = new Shakespeare(lab);
    int n = data.symbols.length();
    var g = new TorchRandom(1337);
    Parameter table = Makemore.normal(g, "table", 1, n, n);
    UnaryOperator<Tensor> model = x -> table.indexSelect(0, x.flatten());
    var adam = new AdamW(List.of(table), AdamW.options().lr(1e-3));
    Compiled step = Nets.step(adam, in -> loss(model, in.get(0), in.get(1)));
    double[] losses = new double[20_000];
    for (int k = 0; k < losses.length; k++) {
      Windows w = Windows.draw(data.train, g, 32, 8);
      losses[k] = step.number(w.x, w.y);
      if (k % 5_000 == 0) {
        lab.progress("step %d of %d, loss %.4f", k, losses.length, losses[k]);
      }
    }
    lab.between("held-out loss", 2.45, 2.49, data.judged(model, 128, 64));
    lab.draw(
        new Plot.Curves(
            "Loss, means of a hundred steps",
            "hundred steps",
            "loss",
            false,
            List.of(Plot.Curve.of("loss", Nets.means(losses, 100)))));
    UnaryOperator<Tensor> shaped = x -> model.apply(x).reshape(1, x.size(1), n);
    lab.draw(new Plot.Writing("What it writes", data.write(shaped, 1, 400)));
  }

  private static void gpt(Lab lab) throws IOException {
    int context = 64;
    int batch = 12;
    int steps = lab.full() ? 2_000 : 50;
    var data = new Shakespeare(lab);
    var net = new Gpt(new Gpt.Sizes(data.symbols.length(), context, 128, 4, 4, false));
    net.init(1337);
    net.start(new Philox(1337, "weights"));
    var options = AdamW.options().lr(1e-3).betas(0.9, 0.99);
    var adam = new AdamW(net.matrices(), options.weightDecay(0.1));
    adam.addParamGroup(net.vectors(), options.weightDecay(0));
    Compiled step = Compiled.of(in -> List.of(step(adam, net::forward, in)), adam::structure);
    var g = new TorchRandom(1337);
    double[] losses = new double[steps];
    for (int k = 0; k < steps; k++) {
      double lr = rate(k, 2_000);
      adam.paramGroups().forEach(group -> group.lr(lr));
      Windows w = Windows.draw(data.train, g, batch, context);
      losses[k] = step.number(w.x, w.y);
      if (k % 100 == 0) {
        lab.progress("step %d of %d, loss %.4f", k, steps, losses[k]);
      }
    }
    lab.near("held-out loss", 1.88, data.judged(net::forward, batch, context), 0.05);
    lab.draw(
        new Plot.Curves(
            "Loss, means of ten steps",
            "ten steps",
            "loss",
            false,
            List.of(Plot.Curve.of("loss", Nets.means(losses, 10)))));
    lab.draw(new Plot.Writing("What it writes", data.write(net::forward, context, 500)));
  }

  private static Tensor step(Optimizer adam, UnaryOperator<Tensor> model, List<Tensor> in) {
    return adam.step(
            () -> {
              adam.zeroGrad();
              Tensor y = loss(model, in.get(0), in.get(1));
              y.backward();
              Clip.norm(adam.parameters(), 1.0);
              return y;
            })
        .detach();
  }

  /** Up in 100 steps, then a half cosine from 1e-3 to 1e-4. */
  private static double rate(int k, int steps) {
    if (k < 100) {
      return 1e-3 * (k + 1) / 101;
    }
    double share = (k - 100.0) / (steps - 100);
    return 1e-4 + 0.5 * (1 + Math.cos(Math.PI * share)) * 9e-4;
  }
}
