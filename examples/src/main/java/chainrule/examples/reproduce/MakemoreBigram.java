package chainrule.examples.reproduce;

import chainrule.compile.Compiled;
import chainrule.examples.random.TorchRandom;
import chainrule.nn.Losses;
import chainrule.optim.SGD;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * makemore's bigram model of names: once by counting, once as a net of one layer that gradient
 * descent brings to the same probabilities.
 *
 * <p>Source: Karpathy, <i>The spelled-out intro to language modeling: building makemore</i> (2022),
 * part 1.
 */
final class MakemoreBigram {
  static final Experiment EXPERIMENT =
      new Experiment(
          "makemore-bigram",
          "Karpathy, building makemore, part 1 (2022)",
          "counting 2.454; 'emma' by random weights 3.7693; the net 2.4900, then 2.4830",
          "10 s",
          "10 s",
          List.of(Names.FILE),
          MakemoreBigram::run);

  private static final int STEPS = 200;

  private MakemoreBigram() {}

  private static void run(Lab lab) throws IOException {
    Names names = Names.read(lab);
    Names.Examples pairs = names.examples(1);
    lab.exact("mean −ln p by counts", 2.4540144891548725, counted(pairs, 0));
    lab.exact("mean −ln p by counts, 1 more each", 2.4545768201157023, counted(pairs, 1));

    Tensor start =
        Tensor.of(new TorchRandom(2147483647).randn(27 * 27), Names.SYMBOLS, Names.SYMBOLS);
    Names.Examples emma = names.first(1).examples(1);
    double loss = Losses.crossEntropy(logits(start, emma.inputs()), emma.targets()).item();
    lab.near("'emma' by torch's random weights", 3.7693049907684326, loss, 1e-6);

    double[] losses = net(lab, start, pairs);
    lab.near("the net after 100 steps", 2.4900, losses[99], 5e-4);
    lab.near("the net after 200 steps", 2.4830, losses[199], 5e-4);
    lab.draw(
        new Plot.Curves(
            "The net's loss", "step", "loss", false, List.of(Plot.Curve.of("loss", losses))));
  }

  /** The mean of −ln p where p is how often a symbol follows another. */
  private static double counted(Names.Examples pairs, int more) {
    int n = Names.SYMBOLS;
    double[][] counts = new double[n][n];
    for (double[] row : counts) {
      Arrays.fill(row, more);
    }
    for (int i = 0; i < pairs.size(); i++) {
      counts[pairs.x()[i]][pairs.y()[i]]++;
    }
    double sum = 0;
    for (int i = 0; i < pairs.size(); i++) {
      double[] row = counts[pairs.x()[i]];
      sum -= StrictMath.log(row[pairs.y()[i]] / Arrays.stream(row).sum());
    }
    return sum / pairs.size();
  }

  /** A one-hot vector times W is a row of W. */
  private static Tensor logits(Tensor w, Tensor x) {
    return w.indexSelect(0, x.flatten());
  }

  private static double[] net(Lab lab, Tensor start, Names.Examples pairs) {
    Parameter w = start.requiresGrad("W");
    SGD sgd = new SGD(List.of(w), SGD.options().lr(50));
    Compiled step =
        Nets.step(
            sgd,
            in ->
                Losses.crossEntropy(logits(w, in.get(0)), in.get(1))
                    .add(w.square().mean().mul(0.01)));
    Tensor x = pairs.inputs();
    Tensor y = pairs.targets();
    double[] losses = new double[STEPS];
    for (int k = 0; k < STEPS; k++) {
      losses[k] = step.number(x, y);
      if (k % 50 == 49) {
        lab.progress("step %d of %d, loss %.4f", k + 1, STEPS, losses[k]);
      }
    }
    double[] rows = w.value().softmax(1).toDoubleArray();
    List<String> symbols = Arrays.asList(Names.ALPHABET.split(""));
    lab.draw(
        new Plot.Pictures(
            "What follows what: a row for each symbol, a column for the next (. a b … z)",
            Names.SYMBOLS,
            List.of("rows and columns " + String.join("", symbols)),
            List.of(rows)));
    return losses;
  }
}
