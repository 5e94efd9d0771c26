package chainrule.examples;

import static java.util.Locale.ROOT;

import chainrule.data.Dataset;
import chainrule.data.Datasets;
import chainrule.nn.BatchNorm2d;
import chainrule.nn.Conv2d;
import chainrule.nn.Flatten;
import chainrule.nn.Linear;
import chainrule.nn.Losses;
import chainrule.nn.MaxPool2d;
import chainrule.nn.ReLU;
import chainrule.nn.Sequential;
import chainrule.nn.Summary;
import chainrule.nn.Unflatten;
import chainrule.optim.Adam;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.Tensor;
import chainrule.train.Trainer;

/**
 * {@code 09-convolution}: one small window of weights that looks everywhere; its adjoint; and a
 * convolutional network that reads handwritten digits.
 */
public final class E09Convolution {
  private E09Convolution() {}

  /** Finds edges by hand, checks the adjoint, trains for 12 epochs. */
  public static void main(String[] args) {
    int[] border = {0, 0, 2, 1};
    Tensor square = Tensor.ones(1, 1, 2, 4).pad(border, border, 0);
    Tensor edge = Tensor.of(new float[] {-1, 1}, 1, 1, 1, 2);
    Tensor edges = square.conv2d(edge, null);
    System.out.println("a square; where it begins (1) and ends (-1), found by the window [-1, 1]");
    for (int row = 0; row < 6; row++) {
      System.out.println("  " + line(square, row) + "   " + line(edges, row));
    }

    Tensor other = edges.mul(0.5).add(1);
    double left = edges.mul(other).sum().item();
    double right = square.mul(other.convTranspose2d(edge, null)).sum().item();
    System.out.printf(ROOT, "%n<conv(x), y> = %.1f = <x, convTranspose(y)> = %.1f%n", left, right);
    System.out.println("so the transposed convolution is what carries gradients back\n");

    long seed = 1;
    var same = Conv2dOptions.DEFAULT.padding(1);
    var model =
        new Sequential(
            new Unflatten(1, 1, 8, 8),
            new Conv2d(1, 16, 3, same),
            new BatchNorm2d(16),
            new ReLU(),
            new MaxPool2d(2),
            new Conv2d(16, 32, 3, same),
            new ReLU(),
            new MaxPool2d(2),
            new Flatten(),
            new Linear(32 * 2 * 2, 10));
    model.init(seed);
    System.out.println(Summary.of(model, 64) + "\n");

    Dataset.Split digits = Datasets.digits().split(0.2, seed);
    var adam = new Adam(model.parameters(), Adam.options().lr(3e-3));
    var trainer = new Trainer(model, Losses::crossEntropy, adam);
    trainer.fit(digits.train(), null, Trainer.epochs(12).seed(seed));
    double accuracy = trainer.evaluate(digits.test()).accuracy();
    System.out.printf(
        ROOT, "test accuracy %.4f with %d weights%n", accuracy, model.parameterCount());
  }

  private static String line(Tensor image, int row) {
    StringBuilder text = new StringBuilder();
    for (int column = 0; column < image.size(3); column++) {
      text.append(String.format(ROOT, "%3.0f", image.get(0, 0, row, column)));
    }
    return text.toString();
  }
}
