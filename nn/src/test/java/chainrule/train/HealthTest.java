package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chainrule.math.Philox;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.Dropout;
import chainrule.nn.Linear;
import chainrule.nn.Losses;
import chainrule.nn.Module;
import chainrule.nn.ReLU;
import chainrule.nn.Sequential;
import chainrule.nn.Sigmoid;
import chainrule.nn.Tanh;
import chainrule.optim.Adam;
import chainrule.optim.SGD;
import chainrule.optim.UpdateRule;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import chainrule.train.Alarm.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a pass keeps, and the alarms that it raises. */
class HealthTest {
  private static final Tensor X = Tensor.randn(DType.F64, new Philox(1), 32, 4);
  private static final Tensor Y = Tensor.randn(DType.F64, new Philox(2), 32, 1);

  private static Sequential net(Module... layers) {
    return new Sequential(List.of(layers));
  }

  private static Sequential f64(Supplier<Sequential> build) {
    Sequential model = Module.in(DType.F64, build);
    model.init(3).eval();
    return model;
  }

  private static List<Trouble> troubles(Module model, UpdateRule rule) {
    Backprop pass = Backprop.of(model, Losses::mse, X, Y);
    return Health.of(model, pass, rule).alarms().stream().map(Alarm::trouble).distinct().toList();
  }

  private static Parameter parameter(Module model, String name) {
    return Objects.requireNonNull(model.namedParameters().get(name));
  }

  private static void scale(Module model, String name, double by) {
    Parameter p = parameter(model, name);
    p.set(p.value().mul(by));
  }

  @Test
  void aPassKeepsWhatBackwardFindsAndChangesNothing() {
    Sequential model =
        f64(() -> net(new Linear(4, 5), new BatchNorm1d(5), new Tanh(), new Linear(5, 1)));
    model.train();
    Map<String, Tensor> before = model.stateDict();
    Backprop pass = Backprop.of(model, Losses::mse, X, Y);
    assertThat(model.parameters()).allSatisfy(p -> assertThat(p.grad()).isNull());
    model
        .stateDict()
        .forEach((name, now) -> assertThat(now.sameBits(before.get(name))).as(name).isTrue());
    Losses.mse(model.forward(X), Y).backward();
    model
        .namedParameters()
        .forEach(
            (name, p) ->
                assertThat(p.grad().toDoubleArray())
                    .as(name)
                    .containsExactly(pass.gradients().get(name).toDoubleArray()));
    assertThat(pass.layers()).extracting(Backprop.Layer::path).containsExactly("0", "1", "2", "3");
    assertThat(pass.layers().getFirst().input()).isNotNull();
    assertThat(pass.layers().get(3).input().sameBits(pass.layers().get(2).output())).isTrue();
    assertThat(pass.layers().getLast().output().sameBits(pass.output())).isTrue();
  }

  @Test
  void anErrorSignalIsTheSlopeOfTheLoss() {
    Sequential model = f64(() -> net(new Linear(4, 5), new Tanh(), new Linear(5, 1)));
    Backprop pass = Backprop.of(model, Losses::mse, X, Y);
    Backprop.Layer tanh = pass.layers().get(1);
    Module last = pass.layers().get(2).layer();
    double[] error = tanh.error().toDoubleArray();
    for (int i = 0; i < error.length; i += 7) {
      double up = Losses.mse(last.predict(moved(tanh.output(), i, 1e-5)), Y).item();
      double down = Losses.mse(last.predict(moved(tanh.output(), i, -1e-5)), Y).item();
      assertThat(error[i]).isCloseTo((up - down) / 2e-5, within(1e-8));
    }
  }

  private static Tensor moved(Tensor x, int i, double by) {
    double[] numbers = x.toDoubleArray();
    numbers[i] += by;
    return Tensor.of(numbers, x.shape().toArray());
  }

  @Test
  void aFreshSmallNetworkIsWell() {
    Sequential model =
        f64(() -> net(new Linear(4, 16), new Tanh(), new Dropout(0.2), new Linear(16, 1)));
    assertThat(troubles(model, Adam.options())).isEmpty();
    Health health = Health.of(model, Backprop.of(model, Losses::mse, X, Y), null);
    Health.Layer first = health.layers().getFirst();
    double[] w = parameter(model, "0.weight").toDoubleArray();
    double sum = 0;
    for (double v : w) {
      sum += v * v;
    }
    assertThat(first.weight()).isCloseTo(Math.sqrt(sum / w.length), within(1e-12));
    assertThat(first.mean())
        .isCloseTo(model.children().get("0").predict(X).mean().item(), within(1e-12));
    assertThat(first.update()).isNaN();
    assertThat(first.dead()).isNaN();
  }

  @Test
  void tenSigmoidsVanishAndTenReluWithLargeWeightsExplode() {
    assertThat(troubles(deep(new Sigmoid(), 1), SGD.options())).contains(Trouble.VANISHING);
    assertThat(troubles(deep(new ReLU(), 20), SGD.options().lr(1e-9)))
        .contains(Trouble.EXPLODING)
        .doesNotContain(Trouble.VANISHING);
  }

  private static Sequential deep(Module activation, double by) {
    Sequential model =
        f64(
            () -> {
              List<Module> layers = new ArrayList<>(List.of(new Linear(4, 16)));
              for (int i = 0; i < 9; i++) {
                layers.add(activation instanceof ReLU ? new ReLU() : new Sigmoid());
                layers.add(new Linear(16, 16));
              }
              layers.add(new Linear(16, 1));
              return new Sequential(layers);
            });
    for (String name : model.namedParameters().keySet()) {
      if (name.endsWith("weight")) {
        scale(model, name, by);
      }
    }
    return model;
  }

  @Test
  void reluThatIsNeverOnIsDead() {
    Sequential model = f64(() -> net(new Linear(4, 10), new ReLU(), new Linear(10, 1)));
    double[] bias = parameter(model, "0.bias").toDoubleArray();
    bias[0] = -100;
    bias[1] = -100;
    parameter(model, "0.bias").set(Tensor.of(bias));
    Health health = Health.of(model, Backprop.of(model, Losses::mse, X, Y), Adam.options());
    assertThat(health.layers().get(1).dead()).isCloseTo(0.2, within(1e-12));
    assertThat(health.alarms()).extracting(Alarm::trouble).containsExactly(Trouble.DEAD);
    assertThat(health.alarms().getFirst().toString())
        .startsWith("1: 20 % of its units are 0 for every row");
  }

  @Test
  void tanhAtItsEndsIsSaturated() {
    Sequential model = f64(() -> net(new Linear(4, 10), new Tanh(), new Linear(10, 1)));
    scale(model, "0.weight", 50);
    assertThat(troubles(model, Adam.options())).contains(Trouble.SATURATED);
  }

  @Test
  void stepsOutOfProportionAreTold() {
    Sequential model = f64(() -> net(new Linear(4, 10), new Tanh(), new Linear(10, 1)));
    assertThat(troubles(model, Adam.options().lr(0.5))).containsExactly(Trouble.UPDATE_LARGE);
    assertThat(troubles(model, SGD.options().lr(1e-7))).containsExactly(Trouble.UPDATE_SMALL);
  }

  @Test
  void theStepIsTheOptimizersOwn() {
    Sequential model = f64(() -> net(new Linear(4, 10), new Tanh(), new Linear(10, 1)));
    UpdateRule rule = Adam.options().lr(0.02).weightDecay(0.1);
    Health health = Health.of(model, Backprop.of(model, Losses::mse, X, Y), rule);
    Tensor before = parameter(model, "0.weight").value();
    Adam adam = new Adam(model.parameters(), Adam.options().lr(0.02).weightDecay(0.1));
    Losses.mse(model.forward(X), Y).backward();
    adam.step();
    double moved = parameter(model, "0.weight").value().sub(before).square().sum().item();
    assertThat(health.layers().getFirst().update())
        .isCloseTo(Math.sqrt(moved / before.square().sum().item()), within(1e-9));
  }
}
