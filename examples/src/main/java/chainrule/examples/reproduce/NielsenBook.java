package chainrule.examples.reproduce;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The figures of Nielsen, <a href="http://neuralnetworksanddeeplearning.com/">Neural networks and
 * deep learning</a> (2015), chapters 1 and 3, in their order.
 */
final class NielsenBook {
  private static final List<String> DATA = List.of(Nielsen.FOLDER);
  private static final List<String> DIGITS =
      IntStream.range(0, 10).mapToObj(Integer::toString).toList();

  static final List<Experiment> EXPERIMENTS =
      List.of(
          new Experiment(
              "nielsen-darkness",
              "Nielsen (2015), chapter 1, mnist_average_darkness.py",
              "2,225 of 10,000 by average darkness alone",
              "3 s",
              "3 s",
              DATA,
              NielsenBook::darkness),
          new Experiment(
              "nielsen-quadratic",
              "Nielsen (2015), chapter 1, network.py",
              "784-30-10, η 3: best of 30 epochs 95.42 %",
              "",
              "20 s",
              DATA,
              NielsenBook::quadratic),
          new Experiment(
              "nielsen-cross-entropy",
              "Nielsen (2015), chapter 3, the cross-entropy cost function",
              "30 hidden units 95.49 %, 100 hidden units 96.82 %",
              "",
              "45 s",
              DATA,
              NielsenBook::crossEntropy),
          new Experiment(
              "nielsen-overfitting",
              "Nielsen (2015), chapter 3, overfitting and regularization",
              "1,000 images: train 100 %, test tops near 82.3 %; near 87.1 % with λ 0.1",
              "",
              "20 s",
              DATA,
              NielsenBook::overfitting),
          new Experiment(
              "nielsen-weights",
              "Nielsen (2015), chapter 3, weight initialization",
              "after the first epoch about 93 % from deviation 1/√n, about 87 % from 1",
              "",
              "25 s",
              DATA,
              NielsenBook::initialWeights),
          new Experiment(
              "digits-13002",
              "3Blue1Brown, But what is a neural network? (2017): 784-16-16-10",
              "13,002 parameters, at least 93 %",
              "",
              "15 s",
              DATA,
              NielsenBook::small));

  private NielsenBook() {}

  /** Which digit's average darkness is nearest? */
  private static void darkness(Lab lab) throws IOException {
    Nielsen.Data data = Nielsen.Data.read(lab);
    double[] sums = new double[10];
    int[] counts = new int[10];
    for (int i = 0; i < data.train().size(); i++) {
      sums[data.train().y[i]] += darkness(data.train(), i);
      counts[data.train().y[i]]++;
    }
    int right = 0;
    for (int i = 0; i < data.test().size(); i++) {
      double dark = darkness(data.test(), i);
      int nearest = 0;
      for (int d = 1; d < 10; d++) {
        if (Math.abs(sums[d] / counts[d] - dark)
            < Math.abs(sums[nearest] / counts[nearest] - dark)) {
          nearest = d;
        }
      }
      right += nearest == data.test().y[i] ? 1 : 0;
    }
    lab.exact("right of 10,000", 2_225, right);
  }

  private static double darkness(Nielsen.Images images, int row) {
    double sum = 0;
    for (int i = row * 784; i < (row + 1) * 784; i++) {
      sum += images.x[i];
    }
    return sum;
  }

  private static Plot.Curves courses(String title, List<String> names, double[]... courses) {
    List<Plot.Curve> curves =
        IntStream.range(0, courses.length)
            .mapToObj(i -> Plot.Curve.of(names.get(i), courses[i]))
            .toList();
    return new Plot.Curves(title, "epoch", "share right", false, curves);
  }

  private static double best(double[] course) {
    return Arrays.stream(course).max().orElseThrow();
  }

  private static void quadratic(Lab lab) throws IOException {
    Nielsen.Data data = Nielsen.Data.read(lab);
    var net = new Nielsen(new Nielsen.Recipe(false, false, 3, 0, 30, 784, 30, 10), 1);
    var course = net.train(lab, "quadratic", data.train(), data.test());
    lab.atLeast("test accuracy after the first epoch", 0.89, course.test()[0]);
    lab.atLeast("best test accuracy of 30 epochs", 0.945, best(course.test()));
    lab.draw(courses("Accuracy", List.of("test", "training"), course.test(), course.train()));
    lab.draw(net.picture("Weights into the hidden units"));
    lab.draw(
        new Plot.Matrix(
            "What it says (columns) of each digit (rows)",
            DIGITS,
            DIGITS,
            net.confusion(data.test())));
  }

  private static void crossEntropy(Lab lab) throws IOException {
    Nielsen.Data data = Nielsen.Data.read(lab);
    for (int hidden : new int[] {30, 100}) {
      var net = new Nielsen(new Nielsen.Recipe(true, false, 0.5, 0, 30, 784, hidden, 10), 1);
      var course = net.train(lab, hidden + " hidden", data.train(), data.test());
      double expected = hidden == 30 ? 0.9549 : 0.9682;
      lab.near(hidden + " hidden units, best test accuracy", expected, best(course.test()), 0.005);
      lab.draw(
          courses(
              "Accuracy, %d hidden units".formatted(hidden),
              List.of("test", "training"),
              course.test(),
              course.train()));
    }
  }

  private static void overfitting(Lab lab) throws IOException {
    Nielsen.Data data = Nielsen.Data.read(lab);
    Nielsen.Images few = data.train().first(1_000);
    var free = new Nielsen(new Nielsen.Recipe(true, false, 0.5, 0, 400, 784, 30, 10), 1);
    var alone = free.train(lab, "no decay", few, data.test());
    var held = new Nielsen(new Nielsen.Recipe(true, false, 0.5, 0.1, 400, 784, 30, 10), 1);
    var decayed = held.train(lab, "λ 0.1", few, data.test());
    lab.exact("training accuracy of 1,000 images at the end", 1, alone.train()[399]);
    lab.near("best test accuracy", 0.823, best(alone.test()), 0.015);
    lab.near("best test accuracy with λ 0.1", 0.871, best(decayed.test()), 0.015);
    List<String> names = List.of("test", "test, λ 0.1", "training");
    lab.draw(courses("Accuracy", names, alone.test(), decayed.test(), alone.train()));
    lab.draw(
        new Plot.Curves(
            "Training cost",
            "epoch",
            "cost",
            true,
            List.of(
                Plot.Curve.of("no decay", alone.costs()),
                Plot.Curve.of("λ 0.1", decayed.costs()))));
  }

  private static void initialWeights(Lab lab) throws IOException {
    Nielsen.Data data = Nielsen.Data.read(lab);
    var narrow = new Nielsen(new Nielsen.Recipe(true, true, 0.1, 5, 30, 784, 30, 10), 1);
    var wide = new Nielsen(new Nielsen.Recipe(true, false, 0.1, 5, 30, 784, 30, 10), 1);
    var first = narrow.train(lab, "deviation 1/√n", data.train(), data.test());
    var second = wide.train(lab, "deviation 1", data.train(), data.test());
    lab.atLeast("first epoch, deviation 1/√n", 0.92, first.test()[0]);
    lab.between("first epoch, deviation 1", 0.855, 0.875, second.test()[0]);
    List<String> names = List.of("1/√n", "1");
    lab.draw(courses("Test accuracy by initial deviation", names, first.test(), second.test()));
  }

  private static void small(Lab lab) throws IOException {
    Nielsen.Data data = Nielsen.Data.read(lab);
    var net = new Nielsen(new Nielsen.Recipe(true, true, 0.5, 1, 30, 784, 16, 16, 10), 1);
    lab.exact("parameters", 13_002, net.parameterCount());
    var course = net.train(lab, "784-16-16-10", data.train(), data.test());
    lab.atLeast("best test accuracy of 30 epochs", 0.93, best(course.test()));
    lab.draw(courses("Accuracy", List.of("test", "training"), course.test(), course.train()));
    lab.draw(net.picture("Weights into the first sixteen units"));
  }
}
