package chainrule.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.benchmarks.kernels.Case;
import chainrule.benchmarks.kernels.Registry;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every case computes something finite, on a tiny shape. */
class RegistryTest {
  @TestFactory
  Stream<DynamicTest> everyCaseRuns() {
    return Registry.cases().stream()
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.id(),
                    () -> {
                      var body = c.tiny().setup();
                      body.run();
                      finite(body.run());
                      assertThat(c.work()).isPositive();
                    }));
  }

  @Test
  void idsAreUnique() {
    List<String> ids = Registry.cases().stream().map(Case::id).toList();
    assertThat(ids).doesNotHaveDuplicates().allSatisfy(id -> Registry.find(id));
  }

  private static void finite(Object result) {
    double[] numbers =
        switch (result) {
          case float[] x -> IntStream.range(0, x.length).mapToDouble(i -> x[i]).toArray();
          case double[] x -> x;
          case int[] x -> IntStream.of(x).asDoubleStream().toArray();
          case Tensor x -> x.toDoubleArray();
          default -> throw new AssertionError("a result of " + result.getClass());
        };
    assertThat(numbers).isNotEmpty();
    assertThat(DoubleStream.of(numbers).allMatch(Double::isFinite)).isTrue();
  }
}
