package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.data.Dataset;
import chainrule.data.Datasets;
import chainrule.nn.Linear;
import chainrule.nn.Loss;
import chainrule.nn.Losses;
import chainrule.nn.Module;
import chainrule.nn.Sequential;
import chainrule.nn.Tanh;
import chainrule.optim.Adam;
import chainrule.optim.LBFGS;
import chainrule.optim.LRScheduler;
import chainrule.optim.LinearLR;
import chainrule.optim.ReduceLROnPlateau;
import chainrule.optim.SGD;
import chainrule.optim.StepLR;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The training loop: what it decides, what it measures, and when it ends. */
class TrainerTest {
  private static final Dataset.Split MOONS = Datasets.moons(300, 0.1, 3).split(0.25, 3);

  private static Module net(long seed) {
    return new Sequential(new Linear(2, 16), new Tanh(), new Linear(16, 2)).init(seed);
  }

  private static Trainer classifier(Module model, double lr) {
    return new Trainer(
        model, Losses::crossEntropy, new Adam(model.parameters(), Adam.options().lr(lr)));
  }

  private static Dataset line(int n) {
    float[] x = new float[n];
    float[] y = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = i / (float) n;
      y[i] = 3 * x[i] - 1;
    }
    return Dataset.regression("line", Tensor.of(x, n, 1), Tensor.of(y, n, 1));
  }

  private static Map<String, Tensor> trained(long init, long order) {
    Module model = net(init);
    classifier(model, 0.02).fit(MOONS.train(), null, Trainer.epochs(5).batch(16).seed(order));
    return model.stateDict();
  }

  private static boolean sameBits(Map<String, Tensor> a, Map<String, Tensor> b) {
    return a.keySet().equals(b.keySet())
        && a.entrySet().stream().allMatch(e -> e.getValue().sameBits(b.get(e.getKey())));
  }

  @Test
  void theSameSeedsGiveTheSameBits() {
    assertThat(sameBits(trained(1, 2), trained(1, 2))).isTrue();
    assertThat(sameBits(trained(1, 2), trained(1, 3))).isFalse();
    assertThat(sameBits(trained(1, 2), trained(2, 2))).isFalse();
  }

  @Test
  void twoTrainingsSideBySideDoNotDisturbEachOther() throws Exception {
    Map<String, Tensor> alone = trained(1, 2);
    try (var threads = Executors.newFixedThreadPool(2)) {
      Callable<Map<String, Tensor>> training = () -> trained(1, 2);
      for (var result : threads.invokeAll(List.of(training, training))) {
        assertThat(sameBits(result.get(), alone)).isTrue();
      }
    }
  }

  @Test
  void learnsTheMoons() {
    Trainer trainer = classifier(net(1), 0.03);
    History history = trainer.fit(MOONS.train(), null, Trainer.epochs(40).batch(16));
    Evaluation test = trainer.evaluate(MOONS.test());
    assertThat(history.outcome()).isEqualTo(History.Outcome.FINISHED);
    assertThat(history.epochs()).hasSize(40);
    assertThat(history.epochs().getLast().trainAccuracy()).isGreaterThan(0.97);
    assertThat(test.accuracy()).isGreaterThan(0.95);
    assertThat(test.confusion().actual(0) + test.confusion().actual(1)).isEqualTo(test.rows());
    assertThat(test.confusion().count(0, 0) + test.confusion().count(1, 1))
        .isEqualTo((int) Math.round(test.accuracy() * test.rows()));
  }

  @Test
  void stopsEarlyWhenTheValidationLossNoLongerFalls() {
    History history =
        classifier(net(1), 0).fit(MOONS.train(), MOONS.test(), Trainer.epochs(50).patience(3));
    assertThat(history.outcome()).isEqualTo(History.Outcome.STOPPED_EARLY);
    assertThat(history.bestEpoch()).isEqualTo(1);
    assertThat(history.epochs()).hasSize(4);
  }

  @Test
  void restoresTheBestWeights() {
    Module model = net(1);
    Adam adam = new Adam(model.parameters(), Adam.options().lr(0.02));
    Trainer trainer = new Trainer(model, Losses::crossEntropy, adam);
    TrainListener spoilsItFromEpochSix =
        new TrainListener() {
          @Override
          public void epochStarted(int epoch, int epochs) {
            if (epoch == 6) {
              adam.lr(5);
            }
          }
        };
    FitOptions options = Trainer.epochs(8).bestWeights(true).listener(spoilsItFromEpochSix);
    History history = trainer.fit(MOONS.train(), MOONS.test(), options);
    double best = history.epochs().stream().mapToDouble(History.Epoch::valLoss).min().orElseThrow();
    assertThat(history.bestEpoch()).isBetween(1, 5);
    assertThat(trainer.evaluate(MOONS.test()).loss()).isEqualTo(best);
    assertThat(history.epochs().getLast().valLoss()).isGreaterThan(best);
    assertThat(history.epochs().getLast().lr()).isEqualTo(5);
  }

  @Test
  void aLossThatIsNoNumberEndsTheFitWithASentence() {
    Module model = new Sequential(new Linear(1, 1)).init(1);
    Trainer trainer =
        new Trainer(model, Losses::mse, new SGD(model.parameters(), SGD.options().lr(1e12)));
    assertThatThrownBy(() -> trainer.fit(line(40), null, Trainer.epochs(20).batch(10)))
        .isInstanceOfSatisfying(
            DivergedException.class,
            e -> assertThat(e.history().outcome()).isEqualTo(History.Outcome.DIVERGED))
        .hasMessageMatching(
            "the loss became (NaN|∞) in epoch \\d+, batch \\d of 4; try a smaller learning rate"
                + " \\(now 1.0E12\\).*");
  }

  @Test
  void theLastStepMayNotRuinTheWeights() {
    Module model = net(1);
    var trainer =
        new Trainer(
            model, Losses::crossEntropy, new SGD(model.parameters(), SGD.options().lr(1e300)));
    int all = MOONS.train().size();
    assertThatThrownBy(() -> trainer.fit(MOONS.train(), null, Trainer.epochs(1).batch(all)))
        .isInstanceOf(DivergedException.class)
        .hasMessageStartingWith("the weights became NaN or infinite in epoch 1, batch 1 of 1; try");
  }

  @Test
  void stopsBetweenBatchesAndKeepsWhatWasLearned() {
    AtomicInteger asked = new AtomicInteger();
    Module model = net(1);
    Map<String, Tensor> before = model.stateDict();
    History history =
        classifier(model, 0.01)
            .fit(
                MOONS.train(),
                null,
                Trainer.epochs(5).batch(50).stop(() -> asked.incrementAndGet() > 3));
    assertThat(history.outcome()).isEqualTo(History.Outcome.INTERRUPTED);
    assertThat(history.epochs()).hasSize(1);
    assertThat(sameBits(before, model.stateDict())).isFalse();
  }

  @Test
  void stoppedBeforeTheFirstBatchLeavesTheModelAsItWas() {
    Module model = net(1);
    Map<String, Tensor> before = model.stateDict();
    History history =
        classifier(model, 0.01).fit(MOONS.train(), null, Trainer.epochs(5).stop(() -> true));
    assertThat(history.outcome()).isEqualTo(History.Outcome.INTERRUPTED);
    assertThat(history.epochs()).isEmpty();
    assertThat(history.finalLoss()).isNaN();
    assertThat(sameBits(before, model.stateDict())).isTrue();
  }

  /** A net with a layer that its output does not depend on. */
  private static final class Forgetful extends Module {
    private final Linear used = child("used", new Linear(2, 2));

    Forgetful() {
      child("forgotten", new Linear(2, 2));
    }

    @Override
    protected Tensor compute(Tensor x) {
      return used.forward(x);
    }
  }

  @Test
  void aParameterThatNoGradientReachesIsSaidOnce() {
    List<String> warnings = new ArrayList<>();
    TrainListener listener =
        new TrainListener() {
          @Override
          public void warning(String sentence) {
            warnings.add(sentence);
          }
        };
    History history =
        classifier(new Forgetful(), 0.01)
            .fit(MOONS.train(), null, Trainer.epochs(3).listener(listener));
    assertThat(warnings).hasSize(1);
    assertThat(warnings.getFirst()).contains("forgotten.weight, forgotten.bias");
    assertThat(history.epochs().getFirst().gradientNorms().get("forgotten")).isEqualTo(0.0);
    assertThat(history.epochs().getFirst().gradientNorms().get("used")).isGreaterThan(0);
  }

  @Test
  void gradientNormsAreThoseOfTheLayersBeforeClipping() {
    Module model = new Sequential(new Linear(1, 1)).init(4);
    Dataset data = line(8);
    Tensor loss = Losses.mse(model.forward(data.x()), data.y());
    loss.backward();
    double squares = 0;
    for (var parameter : model.parameters()) {
      double[] g = parameter.grad().toDoubleArray();
      squares += g[0] * g[0];
    }
    Trainer trainer =
        new Trainer(model, Losses::mse, new SGD(model.parameters(), SGD.options().lr(1)));
    double[] before = numbers(model);
    History history = trainer.fit(data, null, Trainer.epochs(1).batch(8).clipNorm(1e-3));
    double[] after = numbers(model);
    assertThat(history.epochs().getFirst().gradientNorms())
        .containsOnlyKeys("0")
        .hasEntrySatisfying("0", norm -> assertThat(norm).isGreaterThan(1e-2));
    assertThat(history.epochs().getFirst().gradientNorms().get("0"))
        .isCloseTo(Math.sqrt(squares), within(1e-5));
    assertThat(Math.hypot(after[0] - before[0], after[1] - before[1]))
        .isCloseTo(1e-3, within(1e-6));
  }

  private static double[] numbers(Module model) {
    return model.parameters().stream().mapToDouble(p -> p.value().toDoubleArray()[0]).toArray();
  }

  @Test
  void evaluatesARegressionInBatchesAsAWhole() {
    Module model = new Sequential(new Linear(1, 1)).init(1);
    Trainer trainer =
        new Trainer(model, Losses::mse, new SGD(model.parameters(), SGD.options().lr(0.3)));
    trainer.fit(line(100), null, Trainer.epochs(60).batch(20));
    Dataset many = line(2500);
    Evaluation evaluation = trainer.evaluate(many);
    assertThat(evaluation.r2()).isGreaterThan(0.999);
    assertThat(evaluation.mae()).isLessThan(0.02);
    assertThat(evaluation.accuracy()).isNaN();
    assertThat(evaluation.confusion().classes()).isZero();
    assertThat(evaluation.loss())
        .isCloseTo(Losses.mse(model.predict(many.x()), many.y()).item(), within(1e-7));
  }

  @Test
  void evaluatesScoresOfTwoClasses() {
    Module scores =
        new Module() {
          @Override
          protected Tensor compute(Tensor x) {
            return x.pick(1, 1);
          }
        };
    Loss loss = (s, y) -> Losses.bceWithLogits(s, y.to(DType.F32));
    Dataset ends =
        Dataset.classification(
            "ends",
            Tensor.of(new float[] {0, -1, 0, 2, 0, 3}, 3, 2),
            Tensor.of(new int[] {0, 1, 0}),
            List.of("low", "high"));
    Evaluation evaluation = new Trainer(scores, loss, new SGD(net(1).parameters())).evaluate(ends);
    assertThat(evaluation.accuracy()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(evaluation.confusion().count(0, 1)).isEqualTo(1);
  }

  @Test
  void accumulatedGradientsAreThoseOfOneBatch() {
    List<double[]> weights = new ArrayList<>();
    for (int k : new int[] {1, 4}) {
      Module model = net(1);
      var sgd = new SGD(model.parameters(), SGD.options().lr(0.5));
      FitOptions options = Trainer.epochs(3).batch(60 / k).accumulate(k);
      new Trainer(model, Losses::crossEntropy, sgd).fit(MOONS.train(), null, options);
      assertThat(sgd.stateDict().get("0.step").item()).isEqualTo(options.steps(225));
      weights.add(model.parameters().getFirst().toDoubleArray());
    }
    assertThat(weights.get(0)).containsExactly(weights.get(1), within(1e-5));
  }

  @Test
  void schedulesMoveByEpochAndByStep() {
    Module model = net(1);
    Adam adam = new Adam(model.parameters(), Adam.options().lr(0.01));
    FitOptions options =
        Trainer.epochs(3).batch(45).scheduler(new StepLR(adam, 1, 0.5)).clipValue(1);
    History history =
        new Trainer(model, Losses::crossEntropy, adam).fit(MOONS.train(), null, options);
    assertThat(history.epochs()).extracting(History.Epoch::lr).containsExactly(0.01, 0.005, 0.0025);
    LRScheduler steps = new LinearLR(adam, 1, 0.5, 10);
    new Trainer(model, Losses::crossEntropy, adam)
        .fit(MOONS.train(), null, Trainer.epochs(1).batch(45).stepScheduler(steps));
    assertThat(steps.lastEpoch()).isEqualTo(5);
  }

  @Test
  void aPlateauIsJudgedByTheValidationLoss() {
    Module model = net(1);
    SGD sgd = new SGD(model.parameters(), SGD.options().lr(1e-9));
    var plateau = new ReduceLROnPlateau(sgd, ReduceLROnPlateau.options().patience(1).eps(0));
    new Trainer(model, Losses::crossEntropy, sgd)
        .fit(MOONS.train(), MOONS.test(), Trainer.epochs(4).scheduler(plateau));
    assertThat(sgd.lr()).isLessThan(1e-9);
  }

  @Test
  void averagesOfWeightsAreWhatIsKept() {
    double[] epochs = new double[3];
    for (int i = 0; i < 3; i++) {
      Module model = new Sequential(new Linear(1, 1)).init(1);
      new Trainer(model, Losses::mse, new SGD(model.parameters(), SGD.options().lr(0.1)))
          .fit(line(8), null, Trainer.epochs(i + 1).batch(8));
      epochs[i] = numbers(model)[0];
    }
    Module swa = new Sequential(new Linear(1, 1)).init(1);
    new Trainer(swa, Losses::mse, new SGD(swa.parameters(), SGD.options().lr(0.1)))
        .fit(line(8), null, Trainer.epochs(3).batch(8).swa(2));
    assertThat(numbers(swa)[0]).isCloseTo((epochs[1] + epochs[2]) / 2, within(1e-6));
    Module ema = new Sequential(new Linear(1, 1)).init(1);
    Trainer trainer =
        new Trainer(ema, Losses::mse, new SGD(ema.parameters(), SGD.options().lr(0.1)));
    History history = trainer.fit(line(8), line(8), Trainer.epochs(3).batch(8).ema(0.5));
    assertThat(numbers(ema)[0])
        .isCloseTo(0.25 * epochs[0] + 0.25 * epochs[1] + 0.5 * epochs[2], within(1e-6));
    assertThat(trainer.evaluate(line(8)).loss()).isEqualTo(history.epochs().getLast().valLoss());
  }

  @Test
  void aLineSearchFits() {
    Module model = new Sequential(new Linear(1, 1)).init(1);
    var options = LBFGS.options().lineSearchFn(LBFGS.LineSearch.STRONG_WOLFE);
    History history =
        new Trainer(model, Losses::mse, new LBFGS(model.parameters(), options))
            .fit(line(40), null, Trainer.epochs(2).batch(40));
    assertThat(history.epochs()).hasSize(2);
    assertThat(history.finalLoss()).isLessThan(1e-8);
  }

  @Test
  void aRangeTestFindsRatesAndLeavesEverythingElse() {
    Module model = net(1);
    Map<String, Tensor> before = model.stateDict();
    Adam adam = new Adam(model.parameters(), Adam.options().lr(0.01));
    LearningRates rates =
        new Trainer(model, Losses::crossEntropy, adam)
            .learningRates(MOONS.train(), 1e-5, 100, 60, Trainer.epochs(1).batch(32));
    assertThat(rates.steepest()).isBetween(1e-4, 1.0);
    assertThat(rates.rates()).isSorted().hasSizeLessThan(61);
    assertThat(sameBits(before, model.stateDict())).isTrue();
    assertThat(adam.lr()).isEqualTo(0.01);
    assertThat(adam.stateDict().get("0.step").item()).isZero();
  }

  @Test
  void theModelKeepsItsMode() {
    Module model = net(1);
    model.eval();
    classifier(model, 0.01).fit(MOONS.train(), MOONS.test(), Trainer.epochs(1));
    assertThat(model.training()).isFalse();
    model.train();
    classifier(model, 0.01).fit(MOONS.train(), MOONS.test(), Trainer.epochs(1));
    assertThat(model.training()).isTrue();
  }

  @Test
  void wrongOptionsAreNamed() {
    Trainer trainer = classifier(net(1), 0.01);
    assertThatThrownBy(() -> trainer.fit(MOONS.train(), null, Trainer.epochs(1).patience(2)))
        .hasMessageContaining("patience needs a validation set");
    assertThatThrownBy(() -> trainer.fit(MOONS.train(), null, Trainer.epochs(1).bestWeights(true)))
        .hasMessageContaining("bestWeights needs a validation set");
    assertThatThrownBy(() -> Trainer.epochs(-1)).hasMessageContaining("epochs -1");
    assertThatThrownBy(() -> Trainer.epochs(1).batch(0)).hasMessageContaining("batch 0");
    assertThatThrownBy(() -> Trainer.epochs(1).clipNorm(0)).hasMessageContaining("clipNorm 0");
  }

  @Test
  void theHistoryIsATableAndAnObject() {
    History history =
        classifier(net(1), 0.01).fit(MOONS.train(), MOONS.test(), Trainer.epochs(2).batch(32));
    String[] csv = history.toCsv().split("\n");
    assertThat(csv).hasSize(3);
    assertThat(csv[0])
        .isEqualTo(
            "epoch,trainLoss,trainAccuracy,valLoss,valAccuracy,lr,seconds,samplesPerSecond,"
                + "gradientNorm:0,gradientNorm:2");
    assertThat(csv[2]).startsWith("2,").matches("[-0-9.E,]+");
    assertThat(history.toJson())
        .startsWith("{\n  \"outcome\": \"finished\",\n  \"bestEpoch\": 2,\n  \"epochs\": [\n")
        .contains("{\"epoch\": 1, \"trainLoss\": ")
        .doesNotContain("NaN");
    History regression =
        new Trainer(
                new Sequential(new Linear(1, 1)),
                Losses::mse,
                new SGD(net(1).parameters(), SGD.options()))
            .fit(line(4), null, Trainer.epochs(0));
    assertThat(regression.toJson()).contains("\"epochs\": []");
  }
}
