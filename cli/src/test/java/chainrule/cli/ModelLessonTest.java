package chainrule.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Dataset;
import chainrule.data.Json;
import chainrule.nn.Identity;
import chainrule.nn.Linear;
import chainrule.nn.Loss;
import chainrule.nn.Losses;
import chainrule.nn.Module;
import chainrule.nn.ReLU;
import chainrule.nn.Sequential;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import chainrule.train.Backprop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain} and {@code health} of a trained network that reads digits. */
class ModelLessonTest {
  private static final double H = 1e-5;
  private static final Loss LOSS = Losses::crossEntropy;

  @TempDir private static Path dir;
  private static Path run;

  @BeforeAll
  static void train() {
    run = dir.resolve("run");
    Cli cli =
        Cli.run("train", "digits", "--hidden", "16", "--epochs", "4", "--out", run.toString());
    assertThat(cli.code()).as(cli.err()).isZero();
  }

  private record Sample(Module model, Tensor x, Tensor y) {
    OneExample example() {
      return new OneExample(model.eval(), LOSS, x, y);
    }

    double loss() {
      return LOSS.of(model.predict(x), y).item();
    }
  }

  /** The trained network in double precision, and a row that it is not sure of. */
  private static Sample sample(List<Double> unsure) {
    Labelled labelled = Labelled.of(run, new DataOptions(), new RowOptions());
    Sequential model =
        Module.in(
            DType.F64, () -> new Sequential(new Linear(64, 16), new ReLU(), new Linear(16, 10)));
    List<Tensor> trained = List.copyOf(labelled.model().stateDict().values());
    Map<String, Tensor> state = new LinkedHashMap<>();
    int next = 0;
    for (String name : model.stateDict().keySet()) {
      state.put(name, trained.get(next++).to(DType.F64));
    }
    model.loadStateDict(state);
    Dataset all = labelled.set();
    Tensor x = all.x().to(DType.F64);
    int worst = 0;
    for (int i = 0; i < all.size(); i++) {
      double loss = LOSS.of(model.predict(x.slice(0, i, i + 1)), all.y().slice(0, i, i + 1)).item();
      if (loss > unsure.getFirst()) {
        unsure.set(0, loss);
        worst = i;
      }
    }
    return new Sample(model, x.slice(0, worst, worst + 1), all.y().slice(0, worst, worst + 1));
  }

  private static Sample sample() {
    List<Double> loss = new ArrayList<>(List.of(-1.0));
    Sample sample = sample(loss);
    assertThat(loss.getFirst()).isGreaterThan(0.5);
    return sample;
  }

  private static Tensor moved(Tensor x, int i, double by) {
    double[] numbers = x.toDoubleArray();
    numbers[i] += by;
    return Tensor.of(numbers, x.shape().toArray());
  }

  /** Minus the slope of what follows at unit i, by differences. */
  private static double wish(Backprop.Layer from, int i, Tensor y, Module after) {
    double up = LOSS.of(after.predict(moved(from.output(), i, H)), y).item();
    double down = LOSS.of(after.predict(moved(from.output(), i, -H)), y).item();
    return (down - up) / (2 * H);
  }

  /** The slope of the loss at one number of a parameter, by differences. */
  private static double difference(Sample sample, Parameter weight, int at) {
    Tensor before = weight.value();
    weight.set(moved(before, at, H));
    double up = sample.loss();
    weight.set(moved(before, at, -H));
    double down = sample.loss();
    weight.set(before);
    return (up - down) / (2 * H);
  }

  /** {@code g₀·g} after a move by t along g₀, the gradient before it. */
  private static double slopeAlongGradient(Sample sample, OneExample example, double t) {
    Map<String, Parameter> parameters = sample.model().namedParameters();
    Map<String, Tensor> before = sample.model().stateDict();
    parameters.forEach((name, p) -> p.set(p.value().add(gradient(example.pass(), name).mul(t))));
    Backprop after = Backprop.of(sample.model(), LOSS, sample.x(), sample.y());
    sample.model().loadStateDict(before);
    return parameters.keySet().stream()
        .mapToDouble(name -> gradient(after, name).mul(gradient(example.pass(), name)).sum().item())
        .sum();
  }

  private static Tensor gradient(Backprop pass, String name) {
    return Objects.requireNonNull(pass.gradients().get(name));
  }

  @Test
  void wishesAreMinusTheSlopesOfTheLoss() {
    Sample sample = sample();
    OneExample example = sample.example();
    List<Backprop.Layer> layers = example.pass().layers();
    Module last = layers.getLast().layer();
    for (OneExample.Wish wish : example.outputWishes()) {
      assertThat(wish.wish())
          .isCloseTo(wish(layers.getLast(), wish.unit(), sample.y(), new Identity()), within(1e-8));
    }
    double[] summed = OneExample.summedBack(layers.getLast());
    for (int unit = 0; unit < summed.length; unit++) {
      assertThat(summed[unit]).isCloseTo(wish(layers.get(1), unit, sample.y(), last), within(1e-8));
    }
  }

  @Test
  void theRankingIsThatOfDifferences() {
    Sample sample = sample();
    OneExample example = sample.example();
    Map<String, Double> all = new LinkedHashMap<>();
    sample
        .model()
        .namedParameters()
        .forEach(
            (name, p) -> {
              for (int i = 0; i < p.size(); i++) {
                String index =
                    p.rank() == 1
                        ? "[" + i + "]"
                        : "[" + i / p.size(1) + ", " + i % p.size(1) + "]";
                all.put(name + index, difference(sample, p, i));
              }
            });
    List<OneExample.Slope> ranked = example.byGradient(20);
    for (OneExample.Slope s : ranked) {
      assertThat(s.gradient()).isCloseTo(all.getOrDefault(s.name(), 0.0), within(1e-7));
    }
    assertThat(ranked.stream().map(OneExample.Slope::name))
        .containsExactlyElementsOf(
            all.entrySet().stream()
                .sorted(Comparator.comparingDouble(e -> -Math.abs(e.getValue())))
                .limit(20)
                .map(Map.Entry::getKey)
                .toList());
    Map<OneExample.Weight, Double> slopes = new LinkedHashMap<>();
    for (OneExample.Weight w : example.weights()) {
      String name = w.layer() + ".weight[" + w.unit() + ", " + w.input() + "]";
      slopes.put(w, all.getOrDefault(name, 0.0));
    }
    slopes.forEach((w, slope) -> assertThat(w.gradient()).isCloseTo(slope, within(1e-7)));
    List<OneExample.Weight> byEffect =
        slopes.keySet().stream()
            .sorted(
                Comparator.comparingDouble(
                    w -> -Math.abs(slopes.getOrDefault(w, 0.0) * w.activation())))
            .limit(20)
            .toList();
    assertThat(OneExample.byEffect(example.weights(), 20)).containsExactlyElementsOf(byEffect);
  }

  @Test
  void theCurvatureIsTheSlopeOfTheSlope() {
    Sample sample = sample();
    OneExample example = sample.example();
    double g = slopeAlongGradient(sample, example, 0);
    double bent =
        (slopeAlongGradient(sample, example, 1e-6) - slopeAlongGradient(sample, example, -1e-6))
            / 2e-6;
    assertThat(g).isPositive();
    assertThat(example.curvature()).isCloseTo(bent / g, within(1e-4 * Math.abs(bent / g)));
  }

  @Test
  void aRowIsALesson() {
    Cli cli = Cli.run("explain", run.toString(), "--row", "3", "--order", "2");
    ExplainCommandTest.fits(cli);
    assertThat(cli.out())
        .contains("row 3 of digits", "Back through the layers", "y′ = (1 if y > 0 else 0)")
        .contains("One voice among 359", "momentum", "Order 2");
    Map<?, ?> json =
        (Map<?, ?>) Json.parse("explain", Cli.run("explain", run.toString(), "--json").out());
    assertThat((List<?>) json.get("outputs")).hasSize(10);
    assertThat(Cli.run("explain", run.toString(), "--row", "359").err())
        .contains("--row 359", "rows 0 to 358");
  }

  @Test
  void theHealthHasALineForEachLayer() throws Exception {
    Cli cli = Cli.run("health", run.toString());
    ExplainCommandTest.fits(cli);
    assertThat(cli.out()).containsPattern("\n0 Linear +").containsPattern("\n1 ReLU +");
    Map<?, ?> json =
        (Map<?, ?>) Json.parse("health", Cli.run("health", run.toString(), "--json").out());
    assertThat((List<?>) json.get("layers")).hasSizeGreaterThanOrEqualTo(3);
    assertThat(Files.readString(run.resolve("report.html"))).contains("\"health\":{\"layers\":[");
  }
}
