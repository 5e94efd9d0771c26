package chainrule.examples;

import static java.util.Locale.ROOT;

import chainrule.data.Dataset;
import chainrule.data.Datasets;
import chainrule.formats.Models;
import chainrule.nn.Linear;
import chainrule.nn.Losses;
import chainrule.nn.Sequential;
import chainrule.nn.Tanh;
import chainrule.optim.Adam;
import chainrule.tensor.Tensor;
import chainrule.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code 07-fit-predict}: a data set, a model, {@code fit}, {@code evaluate}, {@code predict}, and
 * a model file that gives the same answers to the bit.
 */
public final class E07FitPredict {
  private E07FitPredict() {}

  /** Separates two half moons. */
  public static void main(String[] args) throws IOException {
    Dataset.Split moons = Datasets.moons(400, 0.1, 1).split(0.25, 1);

    var model = new Sequential(new Linear(2, 16), new Tanh(), new Linear(16, 2));
    model.init(1);
    var adam = new Adam(model.parameters(), Adam.options().lr(0.02));
    var trainer = new Trainer(model, Losses::crossEntropy, adam);

    System.out.println("epoch   train loss   train accuracy");
    var history = trainer.fit(moons.train(), null, Trainer.epochs(60).batch(32).seed(1));
    for (var epoch : history.epochs()) {
      if (epoch.epoch() % 10 == 0) {
        System.out.printf(
            ROOT, "%5d %12.4f %16.3f%n", epoch.epoch(), epoch.trainLoss(), epoch.trainAccuracy());
      }
    }
    var test = trainer.evaluate(moons.test());
    System.out.printf(
        ROOT,
        "test: %d rows, loss %.4f, accuracy %.3f%n",
        test.rows(),
        test.loss(),
        test.accuracy());

    Tensor corners = Tensor.of(new float[][] {{0f, 1f}, {1f, -0.5f}, {2f, 0.5f}});
    Tensor scores = model.predict(corners);
    System.out.println("(0, 1), (1, −0.5), (2, 0.5) belong to moons " + scores.argmax(1));

    Path file = Files.createTempFile("moons", ".safetensors");
    try {
      Models.save(model, file);
      Tensor again = Models.load(file).model().predict(corners);
      System.out.println("saved " + Files.size(file) + " bytes, loaded, asked again");
      System.out.println("the same answers to the bit: " + again.sameBits(scores));
    } finally {
      Files.delete(file);
    }
  }
}
