package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Dataset;
import chainrule.data.Datasets;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.Dropout;
import chainrule.nn.Lambda;
import chainrule.nn.Linear;
import chainrule.nn.Losses;
import chainrule.nn.Module;
import chainrule.nn.ReLU;
import chainrule.nn.Sequential;
import chainrule.optim.Adam;
import chainrule.optim.CosineAnnealingLR;
import chainrule.optim.LBFGS;
import chainrule.optim.OneCycleLR;
import chainrule.optim.Optimizer;
import chainrule.optim.SGD;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A fit whose step is compiled is the fit whose step is run as it is written. */
class CompiledFitTest {
  private static final Dataset.Split MOONS = Datasets.moons(230, 0.1, 3).split(0.25, 3);

  private static Module net() {
    return new Sequential(
            new Linear(2, 16), new BatchNorm1d(16), new ReLU(), new Dropout(0.2), new Linear(16, 2))
        .init(1);
  }

  /** What a fit gave. */
  private record Result(
      Map<String, Tensor> weights,
      Map<String, Tensor> state,
      List<History.Epoch> epochs,
      List<String> warnings) {}

  private static Result fit(
      boolean compile,
      Module model,
      Function<Module, Optimizer> optimizer,
      Function<Optimizer, FitOptions> options) {
    Optimizer made = optimizer.apply(model);
    var warnings = new ArrayList<String>();
    FitOptions how =
        options
            .apply(made)
            .compile(compile)
            .listener(
                new TrainListener() {
                  @Override
                  public void warning(String sentence) {
                    warnings.add(sentence);
                  }
                });
    History history =
        new Trainer(model, Losses::crossEntropy, made).fit(MOONS.train(), MOONS.test(), how);
    return new Result(model.stateDict(), made.stateDict(), history.epochs(), warnings);
  }

  private static void same(Result a, Result b) {
    assertThat(a.weights.keySet()).isEqualTo(b.weights.keySet());
    a.weights.forEach((key, t) -> assertThat(t.sameBits(b.weights.get(key))).as(key).isTrue());
    a.state.forEach((key, t) -> assertThat(t.sameBits(b.state.get(key))).as(key).isTrue());
    for (int i = 0; i < a.epochs.size(); i++) {
      History.Epoch x = a.epochs.get(i);
      History.Epoch y = b.epochs.get(i);
      assertThat(x.trainLoss()).isEqualTo(y.trainLoss());
      assertThat(x.trainAccuracy()).isEqualTo(y.trainAccuracy());
      assertThat(x.valLoss()).isEqualTo(y.valLoss());
      assertThat(x.gradientNorms()).isEqualTo(y.gradientNorms());
    }
  }

  private static void sameBothWays(
      Function<Module, Optimizer> optimizer, Function<Optimizer, FitOptions> options) {
    Result compiled = fit(true, net(), optimizer, options);
    same(compiled, fit(false, net(), optimizer, options));
    assertThat(compiled.warnings).isEmpty();
  }

  @Test
  void withBatchNormDropoutAndAShorterLastBatch() {
    sameBothWays(m -> new Adam(m.parameters()), _ -> Trainer.epochs(5).batch(16).seed(2));
  }

  @Test
  void withSchedulesClippingAccumulationAndAverages() {
    sameBothWays(
        m -> new SGD(m.parameters(), SGD.options().lr(0.1).momentum(0.9)),
        o ->
            Trainer.epochs(4)
                .batch(16)
                .seed(2)
                .accumulate(3)
                .clipValue(0.5)
                .clipNorm(0.3)
                .ema(0.9)
                .scheduler(new CosineAnnealingLR(o, 4)));
  }

  @Test
  void withAMomentumThatAScheduleMoves() {
    sameBothWays(
        m -> new Adam(m.parameters()),
        o -> Trainer.epochs(3).batch(16).stepScheduler(new OneCycleLR(o, 0.05, 40)));
  }

  @Test
  void aFrozenLayerStays() {
    sameBothWays(
        m -> {
          m.parameters().getFirst().trainable(false);
          return new Adam(m.parameters());
        },
        _ -> Trainer.epochs(3).batch(16));
  }

  @Test
  void aModelThatLooksAtNumbersRunsAsItIsWritten() {
    Function<Module, Optimizer> adam = m -> new Adam(m.parameters());
    Function<Optimizer, FitOptions> options = _ -> Trainer.epochs(2).batch(16);
    Result result = fit(true, curious(), adam, options);
    same(result, fit(false, curious(), adam, options));
    assertThat(result.warnings).hasSize(1);
    assertThat(result.warnings.getFirst())
        .startsWith("the training step is not compiled: ")
        .contains("CompiledFitTest");
  }

  private static Module curious() {
    return new Sequential(
            new Linear(2, 16),
            new Lambda(x -> x.mean().item() > 0 ? x.relu() : x.tanh()),
            new Linear(16, 2))
        .init(1);
  }

  @Test
  void aLineSearchRunsAsItIsWrittenWithoutAWord() {
    sameBothWays(m -> new LBFGS(m.parameters()), _ -> Trainer.epochs(2).batch(1000));
  }
}
