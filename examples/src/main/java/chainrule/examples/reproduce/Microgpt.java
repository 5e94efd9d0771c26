package chainrule.examples.reproduce;

import chainrule.compile.Compiled;
import chainrule.examples.random.PythonRandom;
import chainrule.optim.Adam;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The smallest GPT: one block of four heads, width 16, that learns a name a step.
 *
 * <p>Source: Karpathy, <a href="https://gist.github.com/karpathy/8627fe009c40f57531cb18360106ce95">
 * microgpt</a> (2026). Python's generator shuffles the names, draws the weights and, after the
 * training, the letters of new names, so that losses agree in their digits and the names in all
 * their letters.
 */
final class Microgpt {
  static final Experiment EXPERIMENT =
      new Experiment(
          "microgpt",
          "Karpathy, microgpt (2026)",
          "the first 20 losses, the last of 1,000, 2.6497, and the 20 names that it writes then",
          "2 s",
          "2 s",
          List.of(Names.FILE),
          Microgpt::run);

  private static final int WIDTH = 16;
  private static final int HEADS = 4;
  private static final int CONTEXT = 16;
  private static final int STEPS = 1_000;
  private static final int SYMBOLS = 27;
  private static final int END = 26;
  private static final double DEVIATION = 0.08;
  private static final double EPS = 1e-5;

  /** What the source prints at its end. */
  private static final List<String> WRITTEN =
      List.of(
          ("kamon ann karai jaire vialan karia yeran anna areli kaina konna keylen liole alerin"
                  + " earan lenne kana lara alela anton")
              .split(" "));

  private final Map<String, Parameter> p = new LinkedHashMap<>();

  Microgpt(PythonRandom random) {
    add(random, "wte", SYMBOLS, WIDTH);
    add(random, "wpe", CONTEXT, WIDTH);
    add(random, "lm_head", SYMBOLS, WIDTH);
    add(random, "attn_wq", WIDTH, WIDTH);
    add(random, "attn_wk", WIDTH, WIDTH);
    add(random, "attn_wv", WIDTH, WIDTH);
    add(random, "attn_wo", WIDTH, WIDTH);
    add(random, "mlp_fc1", 4 * WIDTH, WIDTH);
    add(random, "mlp_fc2", WIDTH, 4 * WIDTH);
  }

  private void add(PythonRandom random, String name, int out, int in) {
    double[] drawn = new double[out * in];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = random.gauss(0, DEVIATION);
    }
    p.put(name, Tensor.of(drawn, out, in).requiresGrad(name));
  }

  /** How many numbers the net has. */
  static int parameterCount() {
    return new Microgpt(new PythonRandom(42)).p.values().stream().mapToInt(Tensor::size).sum();
  }

  private Parameter parameter(String name) {
    return Objects.requireNonNull(p.get(name), name);
  }

  private Tensor times(Tensor x, String weight) {
    return x.matmul(parameter(weight), false, true);
  }

  private static Tensor norm(Tensor x) {
    return x.mul(x.square().mean(1, true).add(EPS).pow(-0.5));
  }

  /** (time, width) to (heads, time, width of a head). */
  private static Tensor heads(Tensor x) {
    return x.reshape(x.size(0), HEADS, WIDTH / HEADS).permute(1, 0, 2);
  }

  /** The scores of the next symbol at every place. */
  private Tensor logits(Tensor symbols) {
    int n = symbols.size(0);
    Tensor x = norm(parameter("wte").indexSelect(0, symbols).add(parameter("wpe").slice(0, 0, n)));
    Tensor in = norm(x);
    Tensor attended =
        heads(times(in, "attn_wq"))
            .scaledDotProductAttention(
                heads(times(in, "attn_wk")), heads(times(in, "attn_wv")), true);
    x = x.add(times(attended.permute(1, 0, 2).reshape(n, WIDTH), "attn_wo"));
    x = x.add(times(times(norm(x), "mlp_fc1").relu(), "mlp_fc2"));
    return times(x, "lm_head");
  }

  private static void run(Lab lab) throws IOException {
    var random = new PythonRandom(42);
    String[] names =
        lab.lines(Names.FILE).stream().filter(l -> !l.isBlank()).toArray(String[]::new);
    random.shuffle(names);
    var net = new Microgpt(random);
    List<Parameter> parameters = List.copyOf(net.p.values());
    Adam adam = new Adam(parameters, Adam.options().lr(0.01).betas(0.85, 0.99).eps(1e-8));
    Compiled step = Nets.step(adam, in -> net.logits(in.get(0)).crossEntropy(in.get(1)));
    double[] losses = new double[STEPS];
    for (int k = 0; k < STEPS; k++) {
      int[] symbols = symbols(names[k % names.length]);
      int n = Math.min(CONTEXT, symbols.length - 1);
      adam.lr(0.01 * (1 - (double) k / STEPS));
      losses[k] =
          step.number(
              Tensor.of(Arrays.copyOf(symbols, n), n),
              Tensor.of(Arrays.copyOfRange(symbols, 1, n + 1), n));
      if (k % 200 == 0) {
        lab.progress("step %d of %d, loss %.4f", k, STEPS, losses[k]);
      }
    }
    double[] published =
        Lab.published("microgpt_first20.txt").stream()
            .filter(l -> l.startsWith("step"))
            .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
            .toArray();
    lab.exact("first loss", published[0], losses[0]);
    lab.all("first 20 losses", published, Arrays.copyOf(losses, published.length), Lab.EXACT);
    // the source says "around 2.37" and not over which steps; a name's loss scatters by 0.4
    double[] last = Arrays.copyOfRange(losses, STEPS - 100, STEPS);
    double mean = Arrays.stream(last).average().orElse(Double.NaN);
    lab.near("mean loss of the last hundred steps", 2.37, mean, 0.1);
    lab.near("loss of step 1,000", 2.6497, losses[STEPS - 1], 5e-5);
    List<String> written = net.write(random, WRITTEN.size());
    int same = 0;
    for (int i = 0; i < WRITTEN.size(); i++) {
      same += written.get(i).equals(WRITTEN.get(i)) ? 1 : 0;
    }
    lab.exact("names written as published, of 20", WRITTEN.size(), same);
    lab.draw(
        new Plot.Curves(
            "Loss, means of ten names",
            "ten steps",
            "loss",
            false,
            List.of(Plot.Curve.of("loss", Nets.means(losses, 10)))));
    lab.draw(new Plot.Writing("Names it writes", String.join("\n", written)));
  }

  private static int[] symbols(String name) {
    int[] symbols = new int[name.length() + 2];
    Arrays.fill(symbols, END);
    for (int i = 0; i < name.length(); i++) {
      symbols[i + 1] = name.charAt(i) - 'a';
    }
    return symbols;
  }

  /** Names drawn at half the temperature. */
  private List<String> write(PythonRandom random, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] symbols = {END};
      var name = new StringBuilder();
      while (symbols.length <= CONTEXT) {
        Tensor scores = logits(Tensor.of(symbols, symbols.length)).detach();
        int last = symbols.length - 1;
        double[] chances = scores.pick(0, last).mul(2).softmax(0).toDoubleArray();
        int next = random.choice(chances);
        if (next == END) {
          break;
        }
        name.append((char) ('a' + next));
        symbols = Arrays.copyOf(symbols, symbols.length + 1);
        symbols[last + 1] = next;
      }
      names.add(name.toString());
    }
    return names;
  }
}
