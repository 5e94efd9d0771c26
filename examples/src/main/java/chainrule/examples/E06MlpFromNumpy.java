package chainrule.examples;

import static java.util.Locale.ROOT;

import chainrule.math.Philox;
import chainrule.nn.Losses;
import chainrule.optim.SGD;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code 06-mlp-from-numpy}: a ReLU–sigmoid net as one writes it in NumPy, the backward pass
 * derived by hand beside the one by the engine, and then trained to compute XOR.
 */
public final class E06MlpFromNumpy {
  private E06MlpFromNumpy() {}

  /** Prints the two backward passes and their differences, then the trained net's answers. */
  public static void main(String[] args) {
    Tensor x = Tensor.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
    Tensor y = Tensor.of(new double[][] {{0}, {1}, {1}, {0}});
    var random = new Philox(1, "weights");
    Parameter w1 = Tensor.randn(DType.F64, random, 2, 8).requiresGrad("W1");
    Parameter b1 = Tensor.zeros(DType.F64, 8).requiresGrad("b1");
    Parameter w2 = Tensor.randn(DType.F64, random, 8, 1).requiresGrad("W2");
    Parameter b2 = Tensor.zeros(DType.F64, 1).requiresGrad("b2");

    // forward
    Tensor z1 = x.matmul(w1).add(b1);
    Tensor a1 = z1.relu();
    Tensor z2 = a1.matmul(w2).add(b2);
    Tensor a2 = z2.sigmoid();
    Tensor loss = Losses.mse(a2, y);
    System.out.printf(ROOT, "loss before training  %.6f%n", loss.item());

    // backward by the engine
    loss.backward();

    // backward by hand: the chain rule, line by line from the end
    Map<Parameter, Tensor> byHand = new LinkedHashMap<>();
    Tape.noGrad(
        () -> {
          Tensor da2 = a2.sub(y).mul(2.0 / y.size()); // of the mean of squares
          Tensor dz2 = da2.mul(a2).mul(a2.oneMinus()); // σ′ = σ·(1 − σ)
          byHand.put(w2, a1.t().matmul(dz2));
          byHand.put(b2, dz2.sum(0)); // a bias is added to every row
          Tensor da1 = dz2.matmul(w2.t());
          Tensor dz1 = da1.mul(z1.gt(0)); // relu lets through where z1 > 0
          byHand.put(w1, x.t().matmul(dz1));
          byHand.put(b1, dz1.sum(0));
        });

    System.out.println("gradient  shape  first by hand  first by engine  largest difference");
    byHand.forEach(
        (p, hand) -> {
          Tensor engine = Objects.requireNonNull(p.grad(), "no gradient has arrived");
          double h = hand.flatten().get(0);
          double e = engine.flatten().get(0);
          double difference = hand.sub(engine).abs().max().item();
          String shape = p.shape().toString();
          System.out.printf(
              ROOT, "%-8s %6s %14.8f %16.8f %19.1e%n", p.name(), shape, h, e, difference);
        });

    var sgd = new SGD(List.of(w1, b1, w2, b2), SGD.options().lr(0.5).momentum(0.9));
    for (int step = 0; step < 1000; step++) {
      sgd.zeroGrad();
      Losses.mse(x.matmul(w1).add(b1).relu().matmul(w2).add(b2).sigmoid(), y).backward();
      sgd.step();
    }
    Tensor answers = x.matmul(w1).add(b1).relu().matmul(w2).add(b2).sigmoid();
    System.out.println("0⊕0, 0⊕1, 1⊕0, 1⊕1 after 1,000 steps: " + answers.flatten());
  }
}
