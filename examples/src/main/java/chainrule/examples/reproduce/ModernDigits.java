package chainrule.examples.reproduce;

import chainrule.data.Dataset;
import chainrule.data.Mnist;
import chainrule.nn.Conv2d;
import chainrule.nn.Flatten;
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
import chainrule.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What is expected of MNIST today: a plain net with ReLU and Adam, and a small convolutional net.
 *
 * <p>Sources: LeCun et al., <i>Gradient-based learning applied to document recognition</i> (1998);
 * Kingma and Ba, <i>Adam</i> (2015).
 */
final class ModernDigits {
  private static final List<String> DIGITS =
      IntStream.range(0, 10).mapToObj(Integer::toString).toList();

  static final List<Experiment> EXPERIMENTS =
      List.of(
          new Experiment(
              "mnist-relu-adam",
              "784-128-10, ReLU, Adam (Kingma & Ba 2015)",
              "at least 97.5 % after 5 epochs, the average of 10 seeds",
              "",
              "5 min",
              List.of(Nielsen.FOLDER),
              ModernDigits::dense),
          new Experiment(
              "mnist-convolution",
              "a small convolutional net after LeCun et al. (1998)",
              "at least 98.8 %",
              "",
              "5 min",
              List.of(Nielsen.FOLDER),
              ModernDigits::convolution));

  private static final int EPOCHS = 5;

  private ModernDigits() {}

  private static Evaluation train(Supplier<Module> make, Dataset.Split digits, long seed) {
    Module model = make.get();
    model.init(seed);
    var adam = new Adam(model.parameters(), Adam.options().lr(1e-3));
    var trainer = new Trainer(model, Losses::crossEntropy, adam);
    var cosine = new CosineAnnealingLR(adam, EPOCHS);
    trainer.fit(
        digits.train(), null, Trainer.epochs(EPOCHS).batch(64).seed(seed).scheduler(cosine));
    return trainer.evaluate(digits.test());
  }

  private static void dense(Lab lab) {
    Dataset.Split digits = Mnist.load(lab.data(Nielsen.FOLDER));
    List<Double> accuracies = new ArrayList<>();
    for (long seed = 0; seed < 10; seed++) {
      double accuracy = train(() -> Nets.mlp(784, 128, 10), digits, seed).accuracy();
      lab.progress("seed %d: %.2f %%", seed, 100 * accuracy);
      accuracies.add(accuracy);
    }
    double mean = accuracies.stream().mapToDouble(a -> a).average().orElse(0);
    lab.atLeast("test accuracy, the average of 10 seeds", 0.975, mean);
    lab.note("from %.4f to %.4f", min(accuracies), -min(accuracies.stream().map(a -> -a).toList()));
  }

  private static double min(List<Double> values) {
    return values.stream().mapToDouble(a -> a).min().orElse(0);
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
    Evaluation result = train(ModernDigits::net, digits, 1);
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
