package chainrule.examples;

import static java.util.Locale.ROOT;

import chainrule.math.Philox;
import chainrule.nn.Embedding;
import chainrule.nn.LayerNorm;
import chainrule.nn.LearnedPositions;
import chainrule.nn.Linear;
import chainrule.nn.Losses;
import chainrule.nn.Sequential;
import chainrule.nn.TransformerBlock;
import chainrule.nn.TransformerOptions;
import chainrule.optim.Adam;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.Arrays;

/**
 * {@code 11-transformer}: two pre-norm blocks learn to sort ten digits. Every position sees all and
 * says which digit belongs there; nobody tells it how. Argument: steps of training.
 */
public final class E11Transformer {
  private static final int LENGTH = 10;
  private static final int WIDTH = 32;

  private E11Transformer() {}

  /** Digits as they come and as they belong, both N×10. */
  private record Batch(Tensor x, Tensor y) {}

  private static Batch draw(String purpose, int step, int rows) {
    var random = new Philox(1, purpose, step, 0);
    int[] x = new int[rows * LENGTH];
    Arrays.setAll(x, _ -> random.nextInt(10));
    int[] y = x.clone();
    for (int at = 0; at < y.length; at += LENGTH) {
      Arrays.sort(y, at, at + LENGTH);
    }
    return new Batch(Tensor.of(x, rows, LENGTH), Tensor.of(y, rows, LENGTH));
  }

  /** Trains, counts the unseen sequences that are sorted without a fault, and shows one. */
  public static void main(String[] args) {
    int steps = args.length > 0 ? Integer.parseInt(args[0]) : 300;
    var options = TransformerOptions.DEFAULT.feedForward(128).dropout(0).batchFirst(true);
    var model =
        new Sequential(
            new Embedding(10, WIDTH),
            new LearnedPositions(LENGTH, WIDTH, true),
            new TransformerBlock(WIDTH, 4, options.normFirst(true)),
            new TransformerBlock(WIDTH, 4, options.normFirst(true)),
            new LayerNorm(WIDTH),
            new Linear(WIDTH, 10));
    model.init(1);
    var adam = new Adam(model.parameters(), Adam.options().lr(2e-3));
    Batch test = draw("test", 0, 500);
    System.out.println("              loss   digits right  sequences sorted");
    for (int step = 1; step <= steps; step++) {
      Batch batch = draw("train", step, 64);
      adam.zeroGrad();
      Tensor scores = model.forward(batch.x).reshape(-1, 10);
      Tensor loss = Losses.crossEntropy(scores, batch.y.flatten());
      loss.backward();
      adam.step();
      if (step % Math.max(1, steps / 5) == 0) {
        Tensor right = sort(model, test.x).to(DType.F32).eq(test.y.to(DType.F32));
        double[] shown = {loss.item(), right.mean().item(), right.min(1).mean().item()};
        System.out.printf(
            ROOT, "step %5d %8.4f %14.4f %17.4f%n", step, shown[0], shown[1], shown[2]);
      }
    }
    Tensor one = test.x.slice(0, 0, 1);
    System.out.println("unsorted  " + one + "\nsorted    " + sort(model, one));
  }

  private static Tensor sort(Sequential model, Tensor x) {
    return model.predict(x).argmax(2);
  }
}
