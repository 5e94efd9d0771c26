package chainrule.examples.reproduce;

import chainrule.examples.random.TorchRandom;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * makemore's multi-layer perceptron: three letters as points in a space that is learned, 200 tanh
 * units, the next letter.
 *
 * <p>Sources: Karpathy, <i>Building makemore, part 2: MLP</i> (2022), after Bengio et al., <i>A
 * neural probabilistic language model</i> (2003), equation 1.
 */
final class MakemoreMlp {
  static final Experiment EXPERIMENT =
      new Experiment(
          "makemore-mlp",
          "Karpathy, building makemore, part 2 (2022); Bengio et al. (2003)",
          "11,897 parameters; after 200,000 steps 2.126 in training, 2.170 on held-out names",
          "",
          "15 s",
          List.of(Names.FILE),
          MakemoreMlp::run);

  private static final int CONTEXT = 3;
  private static final int WIDTH = 10;
  private static final int HIDDEN = 200;

  private final Parameter letters;
  private final Parameter w1;
  private final Parameter b1;
  private final Parameter w2;
  private final Parameter b2;

  private MakemoreMlp(TorchRandom g) {
    letters = Makemore.normal(g, "C", 1, Names.SYMBOLS, WIDTH);
    w1 = Makemore.normal(g, "W1", 1, CONTEXT * WIDTH, HIDDEN);
    b1 = Makemore.normal(g, "b1", 1, HIDDEN);
    w2 = Makemore.normal(g, "W2", 1, HIDDEN, Names.SYMBOLS);
    b2 = Makemore.normal(g, "b2", 1, Names.SYMBOLS);
  }

  private List<Parameter> parameters() {
    return List.of(letters, w1, b1, w2, b2);
  }

  private Tensor logits(Tensor x) {
    Tensor in = letters.indexSelect(0, x.flatten()).reshape(-1, CONTEXT * WIDTH);
    return in.matmul(w1).add(b1).tanh().matmul(w2).add(b2);
  }

  /** How many numbers the net has. */
  static int parameterCount() {
    return new MakemoreMlp(new TorchRandom(1)).parameters().stream().mapToInt(Tensor::size).sum();
  }

  private static void run(Lab lab) throws IOException {
    Names.Split names = Names.read(lab).split(CONTEXT);
    lab.exact("training examples", 182_625, names.train().size());
    lab.exact("development examples", 22_655, names.dev().size());
    lab.exact("test examples", 22_866, names.test().size());
    var g = new TorchRandom(Makemore.SEED);
    var net = new MakemoreMlp(g);
    int steps = lab.full() ? 200_000 : 2_000;
    double[] losses =
        Makemore.train(lab, net.parameters(), net::logits, names.train(), g, steps, steps / 2);
    lab.near("training loss", 2.126, Makemore.loss(net::logits, names.train()), 0.02);
    lab.near("development loss", 2.170, Makemore.loss(net::logits, names.dev()), 0.02);
    Makemore.draw(lab, "Loss", losses);
    double[] places = net.letters.value().toDoubleArray();
    double[] x = new double[Names.SYMBOLS];
    double[] y = new double[Names.SYMBOLS];
    for (int i = 0; i < Names.SYMBOLS; i++) {
      x[i] = places[i * WIDTH];
      y[i] = places[i * WIDTH + 1];
    }
    lab.draw(
        new Plot.Places(
            "The letters' places, first two of ten dimensions",
            Arrays.asList(Names.ALPHABET.split("")),
            x,
            y));
    lab.draw(new Plot.Writing("Names it writes", Makemore.write(net::logits, CONTEXT, 20)));
  }
}
