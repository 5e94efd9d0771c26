package chainrule.examples;

import static java.util.Locale.ROOT;

import chainrule.math.Philox;
import chainrule.nn.Embedding;
import chainrule.nn.LayerNorm;
import chainrule.nn.LearnedPositions;
import chainrule.nn.Linear;
import chainrule.nn.Losses;
import chainrule.nn.Module;
import chainrule.nn.Sequential;
import chainrule.nn.TransformerBlock;
import chainrule.nn.TransformerOptions;
import chainrule.optim.Adam;
import chainrule.tensor.Tensor;
import java.util.Arrays;

/**
 * {@code 11-transformer}: two pre-norm blocks learn to sort ten digits. Every position sees all
 * others and says which digit belongs there; nobody tells it what sorting is. Argument: steps of
 * training.
 */
public final class E11Transformer {
  private static final int LENGTH = 10;
  private static final int WIDTH = 32;
  private static final int BATCH = 64;

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

  /** Trains, prints how many unseen sequences are sorted without a fault, and sorts one. */
  public static void main(String[] args) {
    int steps = args.length > 0 ? Integer.parseInt(args[0]) : 300;
    var options =
        TransformerOptions.DEFAULT.feedForward(4 * WIDTH).dropout(0).batchFirst(true);
    var model =
        new Sequential(
                new Embedding(10, WIDTH),
                new LearnedPositions(LENGTH, WIDTH, true),
                new TransformerBlock(WIDTH, 4, options.normFirst(true)),
                new TransformerBlock(WIDTH, 4, options.normFirst(true)),
                new LayerNorm(WIDTH),
                new Linear(WIDTH, 10))
            .init(1);
    System.out.println(model.parameterCount() + " parameters");
    var adam = new Adam(model.parameters(), Adam.options().lr(2e-3));
    Batch test = draw("test", 0, 500);
    System.out.println("             loss    digits right   sequences sorted");
    for (int step = 1; step <= steps; step++) {
      Batch batch = draw("train", step, BATCH);
      adam.zeroGrad();
      Tensor logits = model.forward(batch.x).reshape(-1, 10);
      Tensor loss = Losses.crossEntropy(logits, batch.y.flatten());
      loss.backward();
      adam.step();
      if (step % (steps / 5) == 0) {
        Tensor right = answer(model, test.x).to(loss.dtype()).eq(test.y.to(loss.dtype()));
        double whole = right.min(1).mean().item();
        System.out.printf(
            ROOT, "step %4d  %7.4f  %14.4f  %17.4f%n",
            step, loss.item(), right.mean().item(), whole);
      }
    }
    Tensor one = test.x.slice(0, 0, 1);
    System.out.println(
        Arrays.toString(one.toIntArray()) + "\n" + Arrays.toString(answer(model, one).toIntArray()));
  }

  private static Tensor answer(Module model, Tensor x) {
    return model.predict(x).argmax(2);
  }
}
