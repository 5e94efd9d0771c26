package chainrule.examples.reproduce;

import chainrule.examples.random.TorchRandom;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.Embedding;
import chainrule.nn.Lambda;
import chainrule.nn.Linear;
import chainrule.nn.Module;
import chainrule.nn.Sequential;
import chainrule.nn.Tanh;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * makemore's net in the manner of WaveNet: eight letters are joined in pairs, the pairs in pairs,
 * and those in one.
 *
 * <p>Sources: Karpathy, <i>Building makemore, part 5</i> (2022), after van den Oord et al.,
 * <i>WaveNet</i> (2016). Rows of pairs lie side by side in memory, so that joining two is a
 * reshape.
 */
final class MakemoreWavenet {
  static final Experiment EXPERIMENT =
      new Experiment(
          "makemore-wavenet",
          "Karpathy, building makemore, part 5 (2022); van den Oord et al. (2016)",
          "76,579 parameters; after 200,000 steps 1.769 in training, 1.993 on held-out names",
          "",
          "2 min",
          List.of(Names.FILE),
          MakemoreWavenet::run);

  private static final int CONTEXT = 8;
  private static final int WIDTH = 24;
  private static final int HIDDEN = 128;

  private MakemoreWavenet() {}

  private static Module joined(int values) {
    return new Lambda(x -> x.reshape(-1, values));
  }

  /** The network, from places of letters to scores of the next. */
  static Sequential net() {
    List<Module> layers = new ArrayList<>();
    layers.add(new Embedding(Names.SYMBOLS, WIDTH));
    int in = 2 * WIDTH;
    for (int level = 0; level < 3; level++) {
      layers.add(joined(in));
      layers.add(new Linear(in, HIDDEN, false));
      layers.add(new BatchNorm1d(HIDDEN));
      layers.add(new Tanh());
      in = 2 * HIDDEN;
    }
    layers.add(new Linear(HIDDEN, Names.SYMBOLS));
    return new Sequential(layers);
  }

  /** The source's start: normal weights over √fan-in, the last layer's tenth. */
  private static void start(Sequential net, TorchRandom g) {
    List<Module> layers = List.copyOf(net.children().values());
    for (int i = 0; i < layers.size(); i++) {
      Module layer = layers.get(i);
      if (layer instanceof Embedding e) {
        set(e.weight(), g, 1);
      } else if (layer instanceof Linear l) {
        double last = i + 1 == layers.size() ? 0.1 : 1;
        set(l.weight(), g, last / Math.sqrt(l.weight().size(1)));
        Parameter bias = l.bias();
        if (bias != null) {
          bias.set(Tensor.zeros(Names.SYMBOLS));
        }
      }
    }
  }

  private static void set(Parameter p, TorchRandom g, double scale) {
    p.set(Tensor.of(g.randn(p.size()), p.shape().toArray()).mul(scale));
  }

  private static void run(Lab lab) throws IOException {
    Names.Split names = Names.read(lab).split(CONTEXT);
    Sequential net = net();
    net.init(1);
    var g = new TorchRandom(Makemore.SEED);
    start(net, g);
    lab.exact("parameters", 76_579, net.parameterCount());
    int steps = lab.full() ? 200_000 : 2_000;
    net.train();
    double[] losses =
        Makemore.train(lab, net.parameters(), net::forward, names.train(), g, steps, steps * 3 / 4);
    net.eval();
    lab.near("training loss", 1.769, Makemore.loss(net::forward, names.train()), 0.02);
    lab.near("development loss", 1.993, Makemore.loss(net::forward, names.dev()), 0.02);
    Makemore.draw(lab, "Loss", losses);
    lab.draw(new Plot.Writing("Names it writes", Makemore.write(net::forward, CONTEXT, 20)));
  }
}
