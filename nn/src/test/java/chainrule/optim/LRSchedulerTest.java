package chainrule.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LRSchedulerTest {
  private static SGD sgd() {
    return new SGD(List.of(Tensor.of(1.0).requiresGrad()), SGD.options().lr(1).momentum(0.9));
  }

  private static double[] rates(SGD sgd, LRScheduler schedule, int times) {
    double[] rates = new double[times];
    for (int i = 0; i < times; i++) {
      rates[i] = sgd.lr();
      schedule.step(i < 4 ? 4 - i : 1);
    }
    return rates;
  }

  private static void follows(Function<SGD, LRScheduler> make, double... expected) {
    SGD sgd = sgd();
    assertArrayEquals(expected, rates(sgd, make.apply(sgd), expected.length), 1e-15);
  }

  @Test
  void ratesByHand() {
    follows(s -> new ConstantLR(s, 0.5, 2), 0.5, 0.5, 1, 1);
    follows(s -> new LinearLR(s, 0.25, 1, 3), 0.25, 0.5, 0.75, 1, 1);
    follows(s -> new StepLR(s, 2, 0.5), 1, 1, 0.5, 0.5, 0.25);
    follows(s -> new MultiStepLR(s, List.of(1, 3, 3), 0.5), 1, 0.5, 0.5, 0.125);
    follows(s -> new ExponentialLR(s, 0.5), 1, 0.5, 0.25);
    follows(s -> new PolynomialLR(s, 4, 1), 1, 0.75, 0.5, 0.25, 0, 0);
    follows(s -> new CosineAnnealingLR(s, 2, 0.5), 1, 0.75, 0.5, 0.75, 1, 0.75);
    follows(s -> new CosineAnnealingWarmRestarts(s, 2, 2, 0), 1, 0.5, 1, (2 + Math.sqrt(2)) / 4);
    follows(s -> new LambdaLR(s, t -> 1.0 / (1 + t)), 1, 0.5, 1 / 3.0);
    follows(
        s -> new CyclicLR(s, 0.2, 1, CyclicLR.options().stepSizeUp(2)), 0.2, 0.6, 1, 0.6, 0.2, 0.6);
    follows(s -> new SWALR(s, 0.5, 2, Anneal.LINEAR), 1, 0.75, 0.5, 0.5);
    follows(
        s -> new ReduceLROnPlateau(s, ReduceLROnPlateau.options().patience(1)),
        1,
        1,
        1,
        1,
        1,
        1,
        0.1,
        0.1,
        0.01);
  }

  @Test
  void oneCycleMovesTheMomentumAgainstTheRate() {
    SGD sgd = sgd();
    var way = OneCycleLR.options().annealStrategy(Anneal.LINEAR).pctStart(0.5);
    OneCycleLR cycle = new OneCycleLR(sgd, 1, 6, way);
    assertEquals(0.04, sgd.lr());
    assertEquals(0.95, sgd.paramGroups().getFirst().momentum());
    cycle.step();
    cycle.step();
    assertEquals(1, sgd.lr());
    assertEquals(0.85, sgd.paramGroups().getFirst().momentum());
    for (int i = 0; i < 3; i++) {
      cycle.step();
    }
    assertEquals(0.04 / 1e4, sgd.lr(), 1e-15);
    assertEquals(0.95, sgd.paramGroups().getFirst().momentum(), 1e-15);
    cycle.step();
    assertThrows(IllegalStateException.class, cycle::step);
    SGD plain = new SGD(List.of(Tensor.of(1.0).requiresGrad()));
    assertThrows(IllegalArgumentException.class, () -> new OneCycleLR(plain, 1, 9));
  }

  @Test
  void oneAfterTheOtherAndAtOnce() {
    follows(
        s ->
            new SequentialLR(
                List.of(new LinearLR(s, 0.5, 1, 2), new StepLR(s, 2, 0.5)), List.of(3)),
        0.5,
        0.75,
        1,
        1,
        1,
        0.5,
        0.5,
        0.25);
    follows(
        s -> new ChainedScheduler(List.of(new LinearLR(s, 0.5, 1, 2), new ExponentialLR(s, 0.5))),
        0.5,
        0.375,
        0.25,
        0.125);
    SGD one = sgd();
    SGD two = sgd();
    var parts = List.of(new StepLR(one, 1), new StepLR(two, 1));
    assertThrows(IllegalArgumentException.class, () -> new SequentialLR(parts, List.of(1)));
    assertThrows(IllegalArgumentException.class, () -> new ChainedScheduler(parts));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SequentialLR(List.of(new StepLR(one, 1)), List.of(1)));
  }

  private static final Map<String, Function<SGD, LRScheduler>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("linear", LinearLR::new);
    ALL.put("cosine", s -> new CosineAnnealingLR(s, 7, 0.1));
    ALL.put("restarts", s -> new CosineAnnealingWarmRestarts(s, 3, 2, 0.1));
    ALL.put("one cycle", s -> new OneCycleLR(s, 3, 40));
    ALL.put("cyclic", s -> new CyclicLR(s, 0.1, 1, CyclicLR.options().stepSizeUp(4)));
    ALL.put("plateau", s -> new ReduceLROnPlateau(s, ReduceLROnPlateau.options().patience(3)));
    ALL.put(
        "sequential",
        s ->
            new SequentialLR(
                List.of(new LinearLR(s), new CosineAnnealingWarmRestarts(s, 4)), List.of(8)));
    ALL.put(
        "chained",
        s -> new ChainedScheduler(List.of(new LinearLR(s), new CosineAnnealingLR(s, 5))));
  }

  @TestFactory
  Stream<DynamicTest> resumedRatesAreThoseOfOneRun() {
    return ALL.entrySet().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () -> {
                      SGD sgd = sgd();
                      LRScheduler schedule = e.getValue().apply(sgd);
                      rates(sgd, schedule, 11);
                      SGD again = sgd();
                      LRScheduler resumed = e.getValue().apply(again);
                      again.loadStateDict(sgd.stateDict());
                      resumed.loadStateDict(schedule.stateDict());
                      assertArrayEquals(rates(sgd, schedule, 20), rates(again, resumed, 20));
                      assertEquals(
                          sgd.paramGroups().getFirst().momentum(),
                          again.paramGroups().getFirst().momentum());
                    }));
  }

  @Test
  void everyGroupKeepsItsShare() {
    SGD sgd = sgd();
    sgd.addParamGroup(List.of(Tensor.of(1.0).requiresGrad()), SGD.options().lr(10));
    StepLR schedule = new StepLR(sgd, 1, 0.5);
    schedule.step();
    assertArrayEquals(new double[] {0.5, 5}, schedule.lastLr());
    assertEquals(1, schedule.lastEpoch());
  }

  @Test
  void wrongOptionsAreNamed() {
    SGD sgd = sgd();
    var e = assertThrows(IllegalArgumentException.class, () -> new LinearLR(sgd, 0, 1, 5));
    assertEquals("LinearLR: startFactor must be in (0, 1], got 0.0", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new StepLR(sgd, 0));
    assertThrows(IllegalArgumentException.class, () -> new CosineAnnealingLR(sgd, 0));
    assertThrows(IllegalArgumentException.class, () -> ReduceLROnPlateau.options().factor(1));
    assertThrows(UnsupportedOperationException.class, () -> new ReduceLROnPlateau(sgd).step());
  }
}
