package chainrule.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.math.Num;
import chainrule.math.Philox;
import chainrule.tensor.Buffer;
import chainrule.tensor.DType;
import chainrule.tensor.GraphException;
import chainrule.tensor.Linear;
import chainrule.tensor.Parameter;
import chainrule.tensor.RandomMask;
import chainrule.tensor.Shape;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import chainrule.tensor.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What a compiled step does to parameters, buffers, counters, and to those who look at numbers. */
class CompiledTest {
  private static Tensor random(String purpose, int... shape) {
    return Tensor.randn(DType.F32, new Philox(3, purpose), shape);
  }

  /** A small network with everything that changes from step to step. */
  private static final class Net {
    final Parameter w = Parameter.of("w", random("w", 3, 4));
    final Parameter b = Parameter.of("b", random("b", 3));
    final Buffer mean = new Buffer("mean", Tensor.zeros(3));
    final List<Buffer> state =
        List.of(new Buffer("w.v", Tensor.zeros(3, 4)), new Buffer("b.v", Tensor.zeros(3)));
    final AtomicLong calls = new AtomicLong();
    final AtomicInteger steps = new AtomicInteger();
    double lr = 0.1;
    final Update momentum = Update.of(1, 1, CompiledTest::momentum);

    Tensor loss(Tensor x) {
      Tensor y = x.matmul(w, false, true).add(b);
      mean.update(mean.value().mul(0.9).add(y.detach().mean(0).mul(0.1)));
      long call = Tape.draw(calls::getAndIncrement);
      Tensor kept = new RandomMask(0.5, 7, "drop").draw(y.dtype(), y.shape(), call);
      return y.sub(mean.value()).mul(kept).square().mean();
    }

    void update(Parameter p, Tensor g) {
      Buffer v = state.get(p.shape().rank() == 2 ? 0 : 1);
      momentum.apply(
          p,
          g,
          List.of(v),
          into -> {
            steps.incrementAndGet();
            into[0] = lr / (1 + steps.get());
          });
    }

    List<Tensor> everything() {
      return List.of(
          w.value(), b.value(), mean.value(), state.get(0).value(), state.get(1).value());
    }
  }

  private static <E extends Num<E>> List<E> momentum(E p, E g, List<E> state, List<E> scalars) {
    E v = state.getFirst().mul(0.9).add(g);
    return List.of(p.sub(v.mul(scalars.getFirst())), v);
  }

  @Test
  void aTrainingIsTheEagerOneToTheBit() {
    Net eager = new Net();
    Net net = new Net();
    var step = Compiled.step(List.of(net.w, net.b), in -> net.loss(in.getFirst()), net::update);
    for (int i = 0; i < 30; i++) {
      Tensor x = random("x" + i, i % 3 == 0 ? 5 : 8, 4);
      eager.lr = net.lr = 0.1 + 0.01 * i;
      Tensor loss = eager.loss(x);
      eager.w.zeroGrad();
      eager.b.zeroGrad();
      loss.backward();
      for (Parameter p : List.of(eager.w, eager.b)) {
        Tensor g = p.grad();
        assertThat(g).isNotNull();
        eager.update(p, g);
      }
      assertThat(step.number(x)).isEqualTo(loss.item());
      for (int k = 0; k < 5; k++) {
        assertThat(net.everything().get(k).sameBits(eager.everything().get(k))).isTrue();
      }
    }
    assertThat(net.calls).hasValue(30);
    assertThat(net.w.version()).isEqualTo(30);
  }

  @Test
  void backwardInsideLeavesTheGradientsOutsideAlone() {
    Parameter w = Tensor.of(1f, 2f).requiresGrad("w");
    w.square().sum().backward();
    Tensor outside = w.grad();
    var compiled =
        Compiled.of(
            in -> {
              Tensor loss = in.getFirst().mul(w).sum();
              loss.backward();
              loss.backward();
              Tensor g = w.grad();
              w.zeroGrad();
              return List.of(g == null ? loss : g, w.grad() == null ? loss.detach() : g);
            });
    List<Tensor> out = compiled.run(Tensor.of(3f, 5f));
    assertThat(out.getFirst().sameBits(Tensor.of(6f, 10f))).isTrue();
    assertThat(out.getLast().item()).isEqualTo(13);
    assertThat(w.grad()).isSameAs(outside);
  }

  /** A value that was taken before an update stays what it was; one taken after it is new. */
  @Test
  void valuesOfParametersAreSnapshots() {
    var plus = Update.of(0, 0, CompiledTest::plus);
    Function<Parameter, Function<List<Tensor>, List<Tensor>>> body =
        p ->
            in -> {
              Tensor before = p.reshape(2, 1);
              Tensor sum = before.sum();
              plus.apply(p, in.getFirst(), List.of());
              Tensor after = p.reshape(2, 1);
              return List.of(
                  before.detach(), after.detach(), sum.detach(), before.mul(after).detach());
            };
    Parameter eager = Tensor.of(1f, 2f).requiresGrad("p");
    Parameter p = Tensor.of(1f, 2f).requiresGrad("p");
    var compiled = Compiled.of(body.apply(p));
    for (int i = 0; i < 3; i++) {
      Tensor g = Tensor.of(i + 1f, 10f);
      List<Tensor> wanted = body.apply(eager).apply(List.of(g));
      List<Tensor> got = compiled.run(g);
      for (int k = 0; k < wanted.size(); k++) {
        assertThat(got.get(k).sameBits(wanted.get(k))).as("result %s of run %s", k, i).isTrue();
      }
    }
  }

  private static <E extends Num<E>> List<E> plus(E p, E g, List<E> state, List<E> scalars) {
    return List.of(p.add(g));
  }

  @Test
  void aBackwardPassAfterTheUpdateIsRefusedAsInEagerCode() {
    Parameter p = Tensor.of(1f, 2f).requiresGrad("p");
    var plus = Update.of(0, 0, CompiledTest::plus);
    var compiled =
        Compiled.of(
            in -> {
              Tensor loss = p.mul(p).sum();
              plus.apply(p, in.getFirst(), List.of());
              loss.backward();
              return List.of(loss.detach());
            });
    assertThatThrownBy(() -> compiled.run(Tensor.of(1f, 1f)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("has been changed since");
    assertThat(p.value().sameBits(Tensor.of(1f, 2f))).isTrue();
  }

  @Test
  void lookingAtNumbersIsRefusedWithTheLine() {
    Parameter p = Tensor.of(1f, 2f).requiresGrad("p");
    List<Function<Tensor, Tensor>> curious =
        List.of(
            x -> x.sum().item() > 0 ? x : x.neg(),
            x -> x.mul(p.get(0)),
            x -> x.add(Tensor.of(p.value().toFloatArray())),
            x -> x.allFinite() ? x : x.neg());
    for (Function<Tensor, Tensor> f : curious) {
      assertThatThrownBy(
              () -> Compiled.of(in -> List.of(f.apply(in.getFirst()))).run(Tensor.of(1f, 2f)))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("looks at numbers at " + getClass().getName())
          .hasMessageContaining("CompiledTest.java:");
    }
  }

  @Test
  void aParameterIsSet() {
    Parameter p = Tensor.of(1f, 2f).requiresGrad("p");
    Tensor before = p.value();
    var compiled =
        Compiled.of(
            in -> {
              Tensor old = p.value();
              p.set(p.mul(in.getFirst()).detach());
              return List.of(old, p.value());
            });
    List<Tensor> out = compiled.run(Tensor.of(3f, 5f));
    assertThat(out.getFirst().sameBits(Tensor.of(1f, 2f))).isTrue();
    assertThat(out.getLast().sameBits(Tensor.of(3f, 10f))).isTrue();
    assertThat(compiled.run(Tensor.of(2f, 2f)).getLast().sameBits(Tensor.of(6f, 20f))).isTrue();
    assertThat(p.version()).isEqualTo(2);
    assertThat(before.sameBits(Tensor.of(1f, 2f))).isTrue();
  }

  @Test
  void numbersAreAskedForAtEveryRun() {
    var next = new AtomicInteger();
    var compiled =
        Compiled.of(
            in -> List.of(in.getFirst().mul(Tape.number(DType.F32, next::incrementAndGet))));
    assertThat(compiled.number(Tensor.of(10f))).isEqualTo(10);
    assertThat(compiled.number(Tensor.of(10f))).isEqualTo(20);
  }

  @Test
  void anObserverSeesNumbersAndCanEndTheStep() {
    Parameter p = Tensor.of(1f).requiresGrad("p");
    var plus = Update.of(0, 0, CompiledTest::plus);
    var seen = new ArrayList<Double>();
    var compiled =
        Compiled.of(
            in -> {
              Tensor loss = in.getFirst().mul(p).sum();
              Tape.observe(
                  t -> {
                    seen.add(t.getFirst().item());
                    if (t.getFirst().item() > 10) {
                      throw new IllegalStateException("too large");
                    }
                  },
                  loss);
              plus.apply(p, in.getFirst(), List.of());
              return List.of(loss.detach());
            });
    compiled.run(Tensor.of(3f));
    assertThatThrownBy(() -> compiled.run(Tensor.of(5f))).hasMessage("too large");
    assertThat(seen).containsExactly(3.0, 20.0);
    assertThat(p.value().item()).isEqualTo(4);
  }

  @Test
  void aDecisionByAnInputBelongsToThePlan() {
    var captures = new AtomicInteger();
    var compiled =
        Compiled.of(
            in -> {
              captures.incrementAndGet();
              Tensor x = in.getFirst().reshape(2);
              return List.of(Tape.decide(x, t -> t.get(1) > 0) ? x.neg() : x.mul(10));
            });
    assertThat(compiled.run(Tensor.of(1f, 2f)).getFirst().get(1)).isEqualTo(-2);
    assertThat(compiled.run(Tensor.of(1f, -2f)).getFirst().get(1)).isEqualTo(-20);
    assertThat(compiled.run(Tensor.of(1f, 3f)).getFirst().get(1)).isEqualTo(-3);
    assertThat(captures).hasValue(2);
    var computed =
        Compiled.of(
            in ->
                List.of(
                    Tape.decide(in.getFirst().neg(), t -> true) ? in.getFirst() : in.getFirst()));
    assertThatThrownBy(() -> computed.run(Tensor.of(1f)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("decide by an input");
  }

  @Test
  void aTrackedInputIsRefused() {
    var twice = Compiled.of(in -> List.of(in.getFirst().mul(2)));
    assertThatThrownBy(() -> twice.run(Tensor.of(1f).requiresGrad()))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("its gradient would be lost; detach() it");
  }

  @Test
  void plansAreMadeOncePerShapeTypeAndKey() {
    var captures = new AtomicInteger();
    var key = new AtomicInteger();
    var compiled =
        Compiled.of(
            in -> {
              int now = key.get();
              captures.incrementAndGet();
              return List.of(in.getFirst().add(now));
            },
            key::get);
    assertThat(compiled.number(Tensor.of(1f))).isEqualTo(1);
    assertThat(compiled.number(Tensor.of(2f))).isEqualTo(2);
    assertThat(captures).hasValue(1);
    assertThat(compiled.number(Tensor.of(2.0))).isEqualTo(2);
    assertThat(compiled.run(Tensor.of(2f, 3f)).getFirst().toFloatArray()).containsExactly(2, 3);
    assertThat(captures).hasValue(3);
    key.set(4);
    assertThat(compiled.number(Tensor.of(1f))).isEqualTo(5);
    key.set(0);
    assertThat(compiled.number(Tensor.of(1f))).isEqualTo(1);
    assertThat(captures).hasValue(4);
  }

  @Test
  void frozenParametersAndThoseOutOfReachStay() {
    Net net = new Net();
    Parameter apart = Tensor.of(1f).requiresGrad("apart");
    var changed = new ArrayList<String>();
    var step =
        Compiled.step(
            List.of(net.w, net.b, apart),
            in -> net.loss(in.getFirst()),
            (p, g) -> {
              changed.add(p.name());
              net.update(p, g);
            });
    Tensor x = random("x", 5, 4);
    step.number(x);
    net.w.trainable(false);
    Tensor w = net.w.value();
    step.number(x);
    assertThat(changed).containsExactly("w", "b", "b");
    assertThat(net.w.value().sameBits(w)).isTrue();
  }

  @Test
  void whatIsDeadOrComputedTwiceIsLeftOut() {
    var compiled =
        Compiled.of(
            in -> {
              Tensor x = in.getFirst();
              x.exp();
              new RandomMask(0.5, 1, "unread").draw(DType.F32, Shape.of(2), Tape.draw(() -> 0));
              return List.of(x.tanh().add(x.tanh()));
            });
    Plan plan = compiled.plan(Tensor.of(1f, 2f));
    assertThat(plan.describe().lines().skip(1).map(line -> line.strip().split("  +", 3)[1]))
        .containsExactly("tanh · add");
  }

  @Test
  void tensorsThatAreNeverNeededAtOnceShareMemory() {
    var deep =
        Compiled.of(
            in -> {
              Tensor y = in.getFirst();
              for (int i = 0; i < 50; i++) {
                y = y.transpose(0, 1);
              }
              return List.of(y);
            });
    assertThat(deep.plan(Tensor.zeros(1000, 2)).describe())
        .startsWith("50 steps, 2 buffers of 15.6 KiB");
  }

  @Test
  void stepsOnElementsRunAsOne() {
    Parameter p = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).requiresGrad("p");
    var plus = Update.of(0, 0, CompiledTest::plus);
    var compiled =
        Compiled.of(
            in -> {
              Tensor y = in.getFirst().matmul(p);
              Tensor z = y.relu().mul(2).add(y);
              plus.apply(p, z.matmul(in.getFirst()).mul(0.5).detach().add(1), List.of());
              return List.of(z.detach());
            });
    assertThat(
            compiled
                .plan(Tensor.zeros(2, 2))
                .describe()
                .lines()
                .skip(1)
                .map(line -> line.strip().split("  +", 3)[1]))
        .containsExactly("matmul", "relu · mul · add", "matmul", "mul · add · update of p");
  }

  @Test
  void aPlanRunsOnPlainArraysAndFollowsTheWeights() {
    Parameter w = Parameter.of("w", random("w", 5, 7));
    Parameter b = Parameter.of("b", random("b", 5));
    Function<Tensor, Tensor> layer = x -> Tensor.apply(new Linear(), x, w, b);
    Plan plan =
        Compiled.of(in -> Tape.noGrad(() -> List.of(layer.apply(in.getFirst()))))
            .plan(Tensor.zeros(1, 7));
    float[] out = new float[5];
    for (int i = 0; i < 6; i++) {
      if (i == 3) {
        w.set(random("other", 5, 7)); // by now the plan holds a turned copy of the first
      }
      Tensor x = random("x" + i, 1, 7);
      plan.run(x.toFloatArray(), out);
      assertThat(Tensor.of(out, 1, 5).sameBits(layer.apply(x).detach())).as("run %s", i).isTrue();
    }
    assertThatThrownBy(() -> plan.run(new float[6], out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("arrays of 6 and 5 numbers for an input of 1×7");
    Plan two = Compiled.of(in -> in).plan(Tensor.zeros(1), Tensor.zeros(1));
    assertThatThrownBy(() -> two.run(new float[1], new float[1]))
        .hasMessageContaining("one F32 input and one F32 result");
  }

  @Test
  void aProfileNamesEveryStepWithItsShareOfTheLimit() {
    Parameter p = Parameter.of("p", random("p", 8, 8));
    var plus = Update.of(0, 0, CompiledTest::plus);
    var compiled =
        Compiled.of(
            in -> {
              Tensor y = in.getFirst().matmul(p);
              plus.apply(p, in.getFirst(), List.of());
              return List.of(y.detach());
            });
    Tensor x = Tensor.ones(8, 8);
    Plan plan = compiled.plan(x);
    int before = p.version();
    Profile profile = plan.profile(4, x);
    String text = profile.toString();
    assertThat(p.version()).isEqualTo(before + 4);
    assertThat(text).contains("in 2 steps").contains("matmul").contains("update of p");
    assertThat(plan.describe()).contains("1.0 kFLOP");
    assertThatThrownBy(() -> plan.profile(0, x)).hasMessageContaining("at least 1");
  }
}
