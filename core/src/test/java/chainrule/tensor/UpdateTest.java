package chainrule.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.math.Num;
import chainrule.math.Philox;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Updates give the bits of tensors, and never touch what somebody else may hold. */
class UpdateTest {
  /** v ← 0.5 v + g, p ← p − s v. */
  private static <E extends Num<E>> List<E> momentum(E p, E g, List<E> state, List<E> scalars) {
    E v = state.getFirst().mul(0.5).add(g);
    return List.of(p.sub(v.mul(scalars.getFirst())), v);
  }

  private static final Update MOMENTUM = Update.of(1, 1, UpdateTest::momentum);

  private final Parameter p = Tensor.of(1.0, 2.0).requiresGrad("p");
  private final Buffer v = new Buffer("v", Tensor.of(0.0, 0.0));
  private final Tensor g = Tensor.of(1.0, -1.0);

  private void step() {
    MOMENTUM.apply(p, g, List.of(v), 0.1);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void bitsAreThoseOfTensors(DType dtype) {
    var random = new Philox(6);
    Parameter fused = Tensor.randn(dtype, random, 301, 503).requiresGrad();
    Buffer state = new Buffer("v", Tensor.zeros(dtype, fused.shape()));
    Tensor plain = fused.value();
    Tensor velocity = state.value();
    for (int t = 1; t <= 3; t++) {
      Tensor gradient = Tensor.randn(dtype, random, 301, 503).mul(t == 3 ? 1e-38 : 1);
      MOMENTUM.apply(fused, gradient, List.of(state), 0.1 / t);
      List<Tensor> next =
          momentum(plain, gradient, List.of(velocity), List.of(plain.constant(0.1 / t)));
      plain = next.get(0);
      velocity = next.get(1).flushSubnormals();
      assertThat(fused.value().sameBits(plain)).isTrue();
      assertThat(state.value().sameBits(velocity)).isTrue();
      assertThat(fused.version()).isEqualTo(t);
    }
  }

  @Test
  void whatNobodyHoldsIsRewrittenInPlace() {
    step();
    Object weights = p.array();
    Object state = v.array();
    step();
    assertThat(p.array()).isSameAs(weights);
    assertThat(v.array()).isSameAs(state);
    assertThat(p.toDoubleArray()).containsExactly(1 - 0.1 - 0.1 * 1.5, 2 + 0.1 + 0.1 * 1.5);
  }

  @Test
  void whatSomebodyHoldsStaysAsItIs() {
    double[] numbers = {1, 2};
    Tensor source = Tensor.of(numbers);
    Parameter own = source.requiresGrad();
    Tensor shaped = own.reshape(2, 1);
    MOMENTUM.apply(own, g, List.of(v), 0.1);
    assertThat(source.toDoubleArray()).containsExactly(1, 2);
    assertThat(shaped.toDoubleArray()).containsExactly(1, 2);

    List<java.util.function.Supplier<Tensor>> holders =
        List.of(
            p::value,
            p::detach,
            () -> p.reshape(1, 2),
            p::requiresGrad,
            v::value,
            () -> Tape.noGrad(() -> p.unsqueeze(0)));
    for (var holder : holders) {
      step();
      step();
      Tensor held = holder.get();
      double[] before = held.toDoubleArray();
      step();
      step();
      assertThat(held.toDoubleArray()).containsExactly(before);
    }
    Tensor given = Tensor.of(7.0, 8.0);
    p.set(given);
    v.set(given);
    step();
    step();
    assertThat(given.toDoubleArray()).containsExactly(7, 8);
  }

  @Test
  void aGradientOnTheParametersOwnArrayIsReadAsItWas() {
    step();
    Update square = Update.of(0, 0, UpdateTest::lessTwice);
    double[] before = p.toDoubleArray();
    square.apply(p, p, List.of());
    assertThat(p.toDoubleArray()).containsExactly(-before[0], -before[1]);
  }

  /** p ← p − g − g, with a result that other instructions could disturb. */
  private static <E extends Num<E>> List<E> lessTwice(E p, E g, List<E> state, List<E> scalars) {
    return List.of(p.sub(g).sub(g));
  }

  @Test
  void aGraphThatNeedsTheOldValueRefuses() {
    Tensor loss = p.square().sum();
    step();
    assertThatThrownBy(loss::backward)
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("parameter p had in the forward pass");
  }

  @Test
  void snapshotsTakenByAnotherThreadDoNotMove() throws InterruptedException {
    Parameter w = Tensor.zeros(DType.F64, 20_000).requiresGrad();
    Buffer state = new Buffer("v", Tensor.zeros(DType.F64, 20_000));
    Tensor ones = Tensor.ones(DType.F64, 20_000);
    var over = new AtomicBoolean();
    var moved = new AtomicReference<String>("");
    var reader =
        new Thread(
            () -> {
              while (!over.get()) {
                Tensor snapshot = w.value();
                double first = snapshot.get(0);
                for (double x : snapshot.toDoubleArray()) {
                  if (x != first) {
                    moved.set(first + " and " + x);
                  }
                }
              }
            });
    reader.start();
    for (int i = 0; i < 500; i++) {
      MOMENTUM.apply(w, ones, List.of(state), 0.1);
    }
    over.set(true);
    reader.join();
    assertThat(moved.get()).isEmpty();
  }

  private static double factor = 1;

  private static <E extends Num<E>> List<E> scaled(E p, E g, List<E> state, List<E> scalars) {
    return List.of(p.sub(g.mul(factor)));
  }

  @Test
  void aRuleThatChangesIsReadAgain() {
    factor = 1;
    Update update = Update.of(0, 0, UpdateTest::scaled);
    update.apply(p, g, List.of());
    assertThat(p.get(0)).isZero();
    factor = 10;
    update.renew();
    update.apply(p, g, List.of());
    assertThat(p.get(0)).isEqualTo(-10);
  }

  private static <E extends Num<E>> List<E> short_(E p, E g, List<E> state, List<E> scalars) {
    return List.of(p);
  }

  @Test
  void wrongUseIsRefused() {
    assertThatThrownBy(() -> MOMENTUM.apply(p, g, List.of(v)))
        .hasMessage("an update of 1 states by 1 numbers was given 1 and 0");
    assertThatThrownBy(() -> MOMENTUM.apply(p, Tensor.of(1.0), List.of(v), 0.1))
        .isInstanceOf(ShapeException.class)
        .hasMessage("the gradient of F64 1 does not fit parameter p of F64 2");
    assertThatThrownBy(() -> MOMENTUM.apply(p, g, List.of(new Buffer("u", Tensor.of(1f, 1f))), 0.1))
        .hasMessage("state u of F32 2 does not fit parameter p of F64 2");
    assertThatThrownBy(() -> Update.of(1, 0, UpdateTest::short_))
        .hasMessage("an update of a parameter and 1 states returned 1 numbers");
    assertThat(p.version()).isZero();
  }
}
