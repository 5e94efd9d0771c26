package chainrule.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.tensor.Buffer;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightAverageTest {
  private final Parameter p = Tensor.scalar(1.0).requiresGrad();
  private final Buffer b = new Buffer("b", Tensor.scalar(10.0));

  private void walk(WeightAverage average) {
    for (double x : new double[] {1, 2, 6}) {
      p.set(Tensor.scalar(x));
      b.set(Tensor.scalar(10 * x));
      average.update();
    }
  }

  @Test
  void equalIsTheMean() {
    WeightAverage average = WeightAverage.equal(List.of(p));
    walk(average);
    average.swap();
    assertEquals(3, p.item());
    assertThrows(IllegalStateException.class, average::update);
    average.swap();
    assertEquals(6, p.item());
    assertEquals(3, average.count());
  }

  @Test
  void exponentialForgets() {
    WeightAverage average = WeightAverage.exponential(List.of(p), List.of(b), 0.5);
    walk(average);
    average.swap();
    assertEquals(0.5 * (0.5 * 1 + 0.5 * 2) + 0.5 * 6, p.item());
    assertEquals(37.5, b.value().item());
  }

  @Test
  void itResumes() {
    WeightAverage average = WeightAverage.exponential(List.of(p), List.of(b), 0.9);
    walk(average);
    WeightAverage again = WeightAverage.exponential(List.of(p), List.of(b), 0.9);
    again.loadStateDict(average.stateDict());
    walk(average);
    walk(again);
    again.swap();
    double resumed = p.item();
    again.swap();
    average.swap();
    assertEquals(p.item(), resumed);
    assertThrows(
        IllegalArgumentException.class, () -> WeightAverage.exponential(List.of(p), List.of(), 1));
  }
}
