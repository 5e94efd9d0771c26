package chainrule.examples.reproduce;

import chainrule.data.Dataset;
import chainrule.data.Mnist;
import chainrule.math.Philox;
import chainrule.nn.Conv2d;
import chainrule.nn.Dropout;
import chainrule.nn.Flatten;
import chainrule.nn.Init;
import chainrule.nn.Inits;
import chainrule.nn.Linear;
import chainrule.nn.Losses;
import chainrule.nn.MaxPool2d;
import chainrule.nn.Module;
import chainrule.nn.ReLU;
import chainrule.nn.Sequential;
import chainrule.nn.Unflatten;
import chainrule.optim.Adam;
import chainrule.optim.CosineAnnealingLR;
import chainrule.train.Evaluation;
import chainrule.train.FitOptions;
import chainrule.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * What is expected of MNIST today: a plain net with ReLU and Adam, and a small convolutional net.
 *
 * <p>Sources: TensorFlow, <i>Quickstart for beginners</i>: 784-128-10, dropout 0.2, Adam, batches
 * of 32, weights by Glorot and Bengio (2010), 5 epochs, "about 98 %"; LeCun et al.,
 * <i>Gradient-based learning applied to document recognition</i> (1998); Kingma and Ba, <i>Adam</i>
 * (2015).
 */
final class ModernDigits {
  private static final List<String> DIGITS =
      IntStream.range(0, 10).mapToObj(Integer::toString).toList();

  static final List<Experiment> EXPERIMENTS =
      List.of(
          new Experiment(
              "mnist-relu-adam",
              "TensorFlow, quickstart for beginners: 784-128-10, ReLU, dropout, Adam",
              "at least 97.5 % after 5 epochs, the average of 10 seeds",
              "",
              "40 s",
              List.of(Nielsen.FOLDER),
              ModernDigits::dense),
          new Experiment(
              "mnist-convolution",
              "a small convolutional net after LeCun et al. (1998)",
              "at least 98.8 %",
              "",
              "45 s",
              List.of(Nielsen.FOLDER),
              ModernDigits::convolution));

  private static final int EPOCHS = 5;

  private ModernDigits() {}

  private static Evaluation train(
      Module model, Adam adam, Dataset.Split digits, UnaryOperator<FitOptions> options) {
    var trainer = new Trainer(model, Losses::crossEntropy, adam);
    trainer.fit(digits.train(), null, options.apply(Trainer.epochs(EPOCHS)));
    return trainer.evaluate(digits.test());
  }

  /** The quickstart's net at its start: weights uniform in ±√(6/(in + out)), biases 0. */
  private static Module quickstart(long seed) {
    var first = new Linear(784, 128);
    var last = new Linear(128, 10);
    var net = new Sequential(first, new ReLU(), new Dropout(0.2), last);
    net.init(seed);
    net.namedParameters()
        .forEach(
            (name, p) -> {
              Init start = p.rank() == 2 ? Inits.glorotUniform() : Inits.zeros();
              p.set(start.draw(p.dtype(), new Philox(seed, name), p.shape().toArray()));
            });
    return net;
  }

  private static void dense(Lab lab) {
    Dataset.Split digits = Mnist.load(lab.data(Nielsen.FOLDER));
    List<Double> accuracies = new ArrayList<>();
    for (long seed = 0; seed < 10; seed++) {
      Module net = quickstart(seed);
      var adam = new Adam(net.parameters(), Adam.options().lr(1e-3).eps(1e-7));
      long order = seed;
      double accuracy = train(net, adam, digits, fit -> fit.batch(32).seed(order)).accuracy();
      lab.progress("seed %d: %.2f %%", seed, 100 * accuracy);
      accuracies.add(accuracy);
    }
    double mean = accuracies.stream().mapToDouble(a -> a).average().orElse(0);
    lab.atLeast("test accuracy, the average of 10 seeds", 0.975, mean);
    lab.note("from %.4f to %.4f", Collections.min(accuracies), Collections.max(accuracies));
  }

  private static Module net() {
    return new Sequential(
        new Unflatten(1, 1, 28, 28),
        new Conv2d(1, 16, 5),
        new ReLU(),
        new MaxPool2d(2),
        new Conv2d(16, 32, 5),
        new ReLU(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(512, 128),
        new ReLU(),
        new Linear(128, 10));
  }

  private static void convolution(Lab lab) {
    Dataset.Split digits = Mnist.load(lab.data(Nielsen.FOLDER));
    lab.progress("5 epochs");
    Module net = net();
    net.init(1);
    var adam = new Adam(net.parameters(), Adam.options().lr(1e-3));
    var cosine = new CosineAnnealingLR(adam, EPOCHS);
    Evaluation result = train(net, adam, digits, fit -> fit.batch(64).seed(1).scheduler(cosine));
    lab.atLeast("test accuracy after 5 epochs", 0.988, result.accuracy());
    double[][] counts = new double[10][10];
    for (int i = 0; i < 10; i++) {
      int row = i;
      Arrays.setAll(counts[i], k -> result.confusion().count(row, k));
    }
    lab.draw(
        new Plot.Matrix("What it says (columns) of each digit (rows)", DIGITS, DIGITS, counts));
  }
}
