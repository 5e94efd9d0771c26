package chainrule.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.math.Philox;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What gradients mean from call to call, and what is refused. */
class SemanticsTest {
  private static Tensor grad(Parameter p) {
    return Objects.requireNonNull(p.grad(), "no gradient has arrived");
  }

  private static Tensor cube(Tensor x) {
    return x.mul(x).mul(x);
  }

  @Test
  void gradIsRepeatable() {
    Parameter x = Tensor.scalar(3.0).requiresGrad();
    Tensor y = cube(x);
    assertThat(Autograd.grad(y, x).item()).isEqualTo(27);
    assertThat(Autograd.grad(y, x).item()).isEqualTo(27);
    assertThat(x.grad()).isNull();
  }

  @Test
  void backwardAccumulatesIntoLeaves() {
    Parameter x = Tensor.scalar(3.0).requiresGrad();
    Tensor y = cube(x);
    y.backward();
    assertThat(grad(x).item()).isEqualTo(27);
    y.backward();
    assertThat(grad(x).item()).isEqualTo(54);
    x.zeroGrad();
    assertThat(x.grad()).isNull();
    y.backward();
    assertThat(grad(x).item()).isEqualTo(27);
  }

  @Test
  void gradientsOfGradients() {
    Parameter x = Tensor.scalar(3.0).requiresGrad();
    Tensor g = Autograd.grad(cube(x), x, Autograd.createGraph());
    Tensor h = Autograd.grad(g, x, Autograd.createGraph());
    assertThat(g.item()).isEqualTo(27);
    assertThat(h.item()).isEqualTo(18);
    assertThat(Autograd.grad(h, x).item()).isEqualTo(6);
    Parameter w = Tensor.of(1.0, 2.0).requiresGrad();
    assertThat(Autograd.hessian(t -> t.prod().mul(t.sum()), w).toDoubleArray())
        .containsExactly(4, 6, 6, 2);
    assertThat(Autograd.jacobian(t -> t.square(), w).toDoubleArray()).containsExactly(2, 0, 0, 4);
  }

  @Test
  @Timeout(60)
  void aChainOfAMillionAdditionsDifferentiates() {
    Parameter x = Tensor.scalar(1.0).requiresGrad();
    Tensor one = Tensor.scalar(1.0);
    Tensor y = x;
    for (int i = 0; i < 1_000_000; i++) {
      y = y.add(one);
    }
    assertThat(y.item()).isEqualTo(1_000_001);
    y.backward();
    assertThat(grad(x).item()).isEqualTo(1);
  }

  @Test
  void aValueUsedManyTimesPassesItsGradientOnOnce() {
    Parameter x = Tensor.scalar(1.0).requiresGrad();
    Tensor y = x;
    for (int i = 0; i < 60; i++) {
      y = y.add(y); // 2⁶⁰ paths
    }
    assertThat(Autograd.grad(y, x).item()).isEqualTo(0x1p60);
  }

  @Test
  void aStaleValueIsRefused() {
    Parameter w = Tensor.of(1.0, 2.0).requiresGrad("fc1.weight");
    Tensor loss = Tape.layer("fc1", () -> w.square().sum());
    w.set(Tensor.of(5.0, 6.0));
    assertThatThrownBy(loss::backward)
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "backward of square in fc1 needs the value that parameter fc1.weight had in the forward"
                + " pass, but it has been changed since (version 0, now 1); call backward before"
                + " the update, or run forward again");
    Parameter unnamed = Tensor.zeros(100, 10).requiresGrad();
    Tensor other = unnamed.square().sum();
    unnamed.set(Tensor.ones(100, 10));
    assertThatThrownBy(other::backward).hasMessageContaining("a parameter of shape 100×10 had");
  }

  @Test
  void anUpdateAfterWhatBackwardDoesNotReadIsHarmless() {
    Parameter w = Tensor.of(1.0, 2.0).requiresGrad();
    Tensor loss = w.add(1).sum();
    w.set(Tensor.of(5.0, 6.0));
    loss.backward();
    assertThat(grad(w).toDoubleArray()).containsExactly(1, 1);
  }

  @Test
  void aValueIsASnapshot() {
    Parameter w = Tensor.of(1.0, 2.0).requiresGrad();
    Tensor before = w.value();
    Tensor next = Tensor.of(3.0, 4.0);
    w.set(next);
    assertThat(before.toDoubleArray()).containsExactly(1, 2);
    assertThat(w.toDoubleArray()).containsExactly(3, 4);
    assertThat(before.isTracked()).isFalse();
    double[] copy = next.toDoubleArray();
    copy[0] = 9;
    assertThat(next.get(0)).isEqualTo(3);
  }

  @Test
  void whatIsNotTrackedHasNoGradient() {
    Tensor x = Tensor.of(1.0, 2.0);
    Parameter w = x.requiresGrad("w");
    assertThatThrownBy(() -> x.sum().backward())
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("nothing to differentiate: this tensor of shape ()")
        .hasMessageContaining("requiresGrad()");
    assertThatThrownBy(() -> Autograd.grad(w.sum(), x))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("with respect to an untracked tensor of shape 2");
    Parameter frozen = x.requiresGrad("frozen").trainable(false);
    assertThatThrownBy(() -> Autograd.grad(w.mul(frozen).sum(), frozen))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("parameter frozen, which is frozen; unfreeze it");
    assertThatThrownBy(() -> Autograd.grad(w.sum(), List.of(w, Tensor.of(1.0).requiresGrad("b"))))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("does not depend on parameter b")
        .hasMessageContaining("allowUnused(true)");
    var unused = GradOptions.DEFAULT.allowUnused(true);
    assertThat(Autograd.grad(w.sum(), Tensor.of(1.0, 1.0).requiresGrad(), unused).toDoubleArray())
        .containsExactly(0, 0);
  }

  @Test
  void noGradAndDetachMakeConstants() {
    Parameter w = Tensor.of(2.0).requiresGrad();
    assertThat(Tape.noGrad(() -> w.square()).isTracked()).isFalse();
    Tensor inside = Tape.noGrad(() -> Tape.grad(true, () -> w.square()));
    assertThat(inside.isTracked()).isTrue();
    assertThat(w.square().isTracked()).isTrue();
    assertThat(w.detach().isTracked()).isFalse();
    Tensor y = w.mul(w.detach());
    assertThat(Autograd.grad(y, w).item()).isEqualTo(2);
    assertThat(w.gt(0).isTracked()).isFalse();
    w.trainable(false);
    assertThat(w.square().isTracked()).isFalse();
    w.trainable(true);
    assertThat(w.square().isTracked()).isTrue();
  }

  @Test
  void aResultOfSeveralNumbersNeedsASeed() {
    Parameter w = Tensor.of(1.0, 2.0).requiresGrad();
    Tensor y = w.square();
    assertThatThrownBy(y::backward)
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "backward from a tensor of shape 2 needs a seed of that shape; or reduce it to one"
                + " number first, with sum() or mean()");
    y.backward(Tensor.of(1.0, 10.0));
    assertThat(grad(w).toDoubleArray()).containsExactly(2, 40);
  }

  /** Sine, with a slope that is computed on arrays. */
  private record ArraySine() implements CustomOp {
    @Override
    public String name() {
      return "array sine";
    }

    @Override
    public Shape shape(Shape... in) {
      return in[0];
    }

    @Override
    public Tensor forward(Tensor... x) {
      return x[0].sin();
    }

    @Override
    public Tensor[] backward(Tensor g, Tensor y, Tensor... x) {
      double[] out = x[0].toDoubleArray();
      double[] arriving = g.toDoubleArray();
      for (int i = 0; i < out.length; i++) {
        out[i] = arriving[i] * StrictMath.cos(out[i]);
      }
      return new Tensor[] {Tensor.of(out).reshape(x[0].shape().toArray())};
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Tensor.randn(DType.F64, random, 3));
    }
  }

  @Test
  void aLostGraphThrows() {
    Parameter x = Tensor.scalar(1.0).requiresGrad();
    Tensor y = Tape.layer("head", () -> Tensor.apply(new ArraySine(), x));
    assertThat(Autograd.grad(y, x).item()).isEqualTo(StrictMath.cos(1));
    assertThatThrownBy(() -> Autograd.grad(y, x, Autograd.createGraph()))
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "the backward pass of array sine () in head lost the graph: it is not written in tensor"
                + " operations on its arguments, so it has no second derivative");
  }

  @Test
  void gradientsAreConstantsUnlessAGraphIsAskedFor() {
    Parameter x = Tensor.scalar(2.0).requiresGrad("x");
    Parameter seed = Tensor.scalar(1.0).requiresGrad("seed");
    Tensor g = Autograd.grad(x.add(1), x, GradOptions.DEFAULT.seed(seed));
    seed.set(Tensor.scalar(9.0));
    assertThat(g.item()).isEqualTo(1);
    x.grad(Autograd.grad(x.mul(x), x, Autograd.createGraph()));
    assertThat(Objects.requireNonNull(x.grad()).isTracked()).isFalse();
  }

  @Test
  void layersNameTheirOperations() {
    Parameter w = Tensor.of(1.0).requiresGrad();
    Tensor y = Tape.layer("3", () -> Tape.layer("body", () -> w.exp()));
    Node node = Objects.requireNonNull(y.node());
    assertThat(node.group()).isEqualTo("3.body");
    assertThat(node.toString()).isEqualTo("exp 1 in 3.body");
    assertThat(Tape.path()).isEmpty();
  }

  @Test
  void forwardModeStopsAtDetachEvenWithoutRecording() {
    Tensor x = Tensor.of(2.0);
    Tensor tangent =
        Tape.noGrad(() -> Autograd.jvp(t -> t.mul(t.square().detach()), x, Tensor.of(1.0)));
    assertThat(tangent.item()).isEqualTo(4);
  }

  @Test
  void conversionsPassGradientsBackInTheirOwnType() {
    Parameter w = Tensor.of(1f, 2f).requiresGrad();
    w.to(DType.F64).square().sum().backward();
    assertThat(grad(w).dtype()).isEqualTo(DType.F32);
    assertThat(grad(w).toFloatArray()).containsExactly(2, 4);
  }

  /** A small network's training, all of it in this method. */
  private static Tensor train(long seed, int rows, int steps) {
    Tensor x = Tensor.randn(DType.F32, new Philox(seed, "x"), rows, 8);
    Tensor labels = x.sum(1).gt(0).to(DType.I32);
    Parameter w1 = Tensor.randn(DType.F32, new Philox(seed, "w1"), 32, 8).mul(0.3).requiresGrad();
    Parameter b1 = Tensor.zeros(32).requiresGrad();
    Parameter w2 = Tensor.randn(DType.F32, new Philox(seed, "w2"), 2, 32).mul(0.2).requiresGrad();
    List<Parameter> all = List.of(w1, b1, w2);
    for (int step = 0; step < steps; step++) {
      Tensor hidden = x.matmul(w1, false, true).add(b1).relu();
      hidden.matmul(w2, false, true).crossEntropy(labels).backward();
      for (Parameter p : all) {
        p.set(Tape.noGrad(() -> p.sub(grad(p).mul(0.1))));
        p.zeroGrad();
      }
    }
    return Tensor.cat(0, w1.flatten(), b1.value(), w2.flatten()).detach();
  }

  @Test
  void trainingsSideBySideDoNotDisturbEachOther() {
    Tensor first = train(1, 64, 200);
    Tensor second = train(2, 64, 200);
    assertThat(first.sameBits(second)).isFalse();
    var a = CompletableFuture.supplyAsync(() -> train(1, 64, 200));
    var b = CompletableFuture.supplyAsync(() -> train(2, 64, 200));
    assertThat(a.join().sameBits(first)).isTrue();
    assertThat(b.join().sameBits(second)).isTrue();
  }

  @Test
  void trainingLeavesTheHeapWhereItWas() {
    train(3, 4, 1000);
    long before = used();
    train(3, 4, 10_000);
    assertThat(used() - before).isLessThan(4 << 20);
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
