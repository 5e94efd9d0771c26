package chainrule.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.autograd.Autograd;
import chainrule.math.Philox;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A checkpointed stretch computes, differentiates, draws and counts as the plain one does. */
class CheckpointTest {
  private final Tensor data = Tensor.randn(DType.F32, new Philox(1), 20, 6);
  private final Parameter w = Tensor.randn(DType.F32, new Philox(2), 5, 6).requiresGrad("w");
  private final Parameter b = Tensor.randn(DType.F32, new Philox(3), 5).requiresGrad("b");
  private final AtomicLong calls = new AtomicLong();
  private final AtomicInteger runs = new AtomicInteger();
  private final Buffer mean = new Buffer("mean", Tensor.zeros(5));

  /** Linear, running mean, tanh, dropout. */
  private Tensor body(Tensor x) {
    runs.incrementAndGet();
    Tensor y = x.matmul(w, false, true).add(b);
    mean.update(mean.value().add(y.detach().mean(0)));
    long call = Tape.draw(calls::getAndIncrement);
    Tensor keep = Tensor.rand(DType.F32, new Philox(4, "dropout", 0, call), 20, 5).gt(0.4);
    return y.tanh().mul(keep);
  }

  private List<Tensor> orders(UnaryOperator<Tensor> f, Parameter x) {
    calls.set(7);
    mean.set(Tensor.zeros(5));
    List<Parameter> inputs = List.of(x, w, b);
    Tensor loss = f.apply(x.mul(2)).square().sum();
    List<Tensor> first = Autograd.grad(loss, inputs);
    List<Tensor> g = Autograd.grad(loss, inputs, Autograd.createGraph());
    Tensor total = g.get(0).square().sum().add(g.get(1).square().sum()).add(g.get(2).sum());
    List<Tensor> second = Autograd.grad(total, inputs);
    return Stream.of(List.of(loss), first, g, second, List.of(mean.value()))
        .flatMap(List::stream)
        .toList();
  }

  @Test
  void gradientsHaveTheSameBitsAndSecondOnesTheSameValues() {
    Parameter x = data.requiresGrad();
    List<Tensor> plain = orders(this::body, x);
    assertThat(runs).hasValue(1);
    List<Tensor> saved = orders(t -> Autograd.checkpoint(this::body, t), x);
    assertThat(runs).hasValueGreaterThan(2);
    assertThat(calls).hasValue(8);
    for (int i = 0; i < plain.size(); i++) {
      boolean second = i >= 7 && i < 10; // where terms that meet at one node are added apart
      boolean same =
          second
              ? saved.get(i).allClose(plain.get(i), 1e-5, 1e-5)
              : saved.get(i).sameBits(plain.get(i));
      assertThat(same).as("result " + i).isTrue();
    }
  }

  @Test
  void checkpointsNest() {
    Parameter x = data.requiresGrad();
    UnaryOperator<Tensor> twice = t -> body(t).add(body(t).exp());
    List<Tensor> plain = orders(twice, x);
    UnaryOperator<Tensor> nested =
        t ->
            Autograd.checkpoint(
                u ->
                    Autograd.checkpoint(this::body, u)
                        .add(Autograd.checkpoint(this::body, u).exp()),
                t);
    List<Tensor> saved = orders(nested, x);
    assertThat(calls).hasValue(9);
    for (int i = 0; i < plain.size(); i++) {
      assertThat(saved.get(i).allClose(plain.get(i), 1e-5, 1e-6)).as("result " + i).isTrue();
    }
  }

  @Test
  void backwardFillsTheLeavesInside() {
    Autograd.checkpoint(this::body, data).sum().backward();
    assertThat(w.grad()).isNotNull();
    assertThat(b.grad()).isNotNull();
  }

  @Test
  void withoutRecordingItIsThePlainFunction() {
    Tensor y = Tape.noGrad(() -> Autograd.checkpoint(this::body, data));
    assertThat(y.isTracked()).isFalse();
    assertThat(runs).hasValue(1);
    Tensor constant = Autograd.checkpoint(t -> t.square(), data);
    assertThat(constant.isTracked()).isFalse();
  }

  @Test
  void forwardModeGoesThrough() {
    Tensor v = Tensor.randn(DType.F64, new Philox(5), 3);
    Tensor x = Tensor.of(0.3, -0.2, 1.1);
    Function<Tensor, Tensor> f = t -> t.sin().mul(t.sum());
    Tensor plain = Autograd.jvp(f, x, v);
    Tensor saved = Autograd.jvp(t -> Autograd.checkpoint(f, t), x, v);
    assertThat(saved.allClose(plain, 1e-13, 1e-13)).isTrue();
  }

  @Test
  void whatIsHandedThroughKeepsItsGradientAndWhatIsCutHasNone() {
    Parameter x = Tensor.scalar(2.0).requiresGrad();
    Parameter unused = Tensor.scalar(3.0).requiresGrad();
    Function<Tensor, Tensor> same = t -> List.of(unused.exp(), t).getLast();
    assertThat(Autograd.grad(Autograd.checkpoint(same, x.mul(5)), x).item()).isEqualTo(5);
    Function<Tensor, Tensor> steps = t -> t.mul(unused).floor();
    assertThat(Autograd.grad(Autograd.checkpoint(steps, x).add(x), x).item()).isEqualTo(1);
  }

  @Test
  void aFunctionThatDrawsMoreTheSecondTimeIsRefused() {
    Parameter x = data.requiresGrad();
    var first = new AtomicInteger();
    Tensor y =
        Autograd.checkpoint(
            t -> {
              if (first.getAndIncrement() > 0) {
                Tape.draw(calls::getAndIncrement);
              }
              return t.square();
            },
            x);
    assertThatThrownBy(() -> y.sum().backward())
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("drew more random numbers when it was recomputed");
  }

  @Test
  void buffersKeepTheirShape() {
    assertThatThrownBy(() -> mean.update(Tensor.zeros(4)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("buffer mean is F32 5 and cannot become F32 4");
  }
}
