package chainrule.examples;

import static java.util.Locale.ROOT;

import chainrule.data.DataLoader;
import chainrule.data.Dataset;
import chainrule.data.Datasets;
import chainrule.nn.Linear;
import chainrule.nn.Losses;
import chainrule.nn.Metrics;
import chainrule.nn.ReLU;
import chainrule.nn.Sequential;
import chainrule.optim.Adam;
import chainrule.tensor.Tensor;

/**
 * {@code 08-digits}: a network that reads handwritten digits, trained by the loop that users of
 * PyTorch know.
 *
 * <p>The data are the 1,797 digits of 8×8 pixels by Alpaydin and Kaynak, a fifth of them held out.
 */
public final class E08Digits {
  private E08Digits() {}

  /** Trains for 20 epochs and shows a digit with the network's answer. */
  public static void main(String[] args) {
    long seed = 1;
    Dataset.Split digits = Datasets.digits().split(0.2, seed);

    var model = new Sequential(new Linear(64, 64), new ReLU(), new Linear(64, 10));
    model.init(seed);
    System.out.println(model + "\n" + model.parameterCount() + " parameters");

    var adam = new Adam(model.parameters(), Adam.options().lr(3e-3));
    var loader = new DataLoader(digits.train(), 64, seed);
    for (int epoch = 1; epoch <= 20; epoch++) {
      double sum = 0;
      for (var batch : loader) {
        adam.zeroGrad();
        Tensor loss = Losses.crossEntropy(model.forward(batch.x()), batch.y());
        loss.backward();
        adam.step();
        sum += loss.item();
      }
      if (epoch % 5 == 0) {
        System.out.printf(
            ROOT,
            "epoch %2d   loss %.4f   test accuracy %.4f%n",
            epoch,
            sum / loader.batches(),
            accuracy(model, digits.test()));
      }
    }

    int row = 1;
    Tensor digit = digits.test().x().slice(0, row, row + 1);
    draw(digit);
    int answer = model.predict(digit).argmax(1).toIntArray()[0];
    int written = digits.test().y().toIntArray()[row];
    System.out.println("the network reads a " + answer + "; it is a " + written);
  }

  private static double accuracy(Sequential model, Dataset data) {
    return Metrics.accuracy(model.predict(data.x()), data.y());
  }

  private static void draw(Tensor digit) {
    Tensor pixels = digit.reshape(8, 8);
    double darkest = pixels.max().item();
    for (int row = 0; row < 8; row++) {
      StringBuilder line = new StringBuilder("  ");
      for (int column = 0; column < 8; column++) {
        int shade = (int) (pixels.get(row, column) / darkest * 4);
        line.append(" ░▒▓█".charAt(Math.clamp(shade, 0, 4))).append(' ');
      }
      System.out.println(line.toString().stripTrailing());
    }
  }
}
