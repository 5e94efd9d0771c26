package chainrule.benchmarks.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import chainrule.benchmarks.OurStep;
import chainrule.data.Json;
import chainrule.nn.Losses;
import chainrule.nn.Module;
import chainrule.optim.SGD;
import chainrule.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.w3c.dom.Document;

/** What grows, and how it is printed and drawn. */
class GrowthTest {
  @TestFactory
  Stream<DynamicTest> everyAxisTrainsOverTwoDecades() {
    return Arrays.stream(Axis.values())
        .map(axis -> DynamicTest.dynamicTest(axis.call(), () -> trains(axis)));
  }

  private static void trains(Axis axis) {
    int[] sizes = axis.sizes();
    assertThat(sizes[sizes.length - 1]).isEqualTo(100 * sizes[0]);
    Module network = axis.network(sizes[1]);
    Tensor x = axis.input(sizes[1]);
    Tensor y = network.predict(x).mul(0);
    OurStep step =
        new OurStep(network, Losses::mse, new SGD(network.parameters(), SGD.options().lr(1e-3)));
    double first = step.run(x, y);
    assertThat(step.run(x, y)).isPositive().isLessThan(first);
    assertThat(Growth.flops(axis.network(sizes[2]), axis.input(sizes[2])))
        .isGreaterThan(Growth.flops(network, x));
  }

  @Test
  void theArithmeticOfAStepIsThreeTimesThatOfItsProducts() {
    double products = 3 * 2.0 * 8 * (784 * 128 + 128 * 10);
    assertThat((double) Growth.flops(Axis.BATCH.network(8), Axis.BATCH.input(8)))
        .isCloseTo(products, within(0.01 * products));
  }

  private static List<Grown> two(Axis axis) {
    return GrowthRun.compared(
        List.of(
            new Grown(axis, 8, 1, 30, 0.1, 1000, Double.NaN),
            new Grown(axis, 800, 1, 1000, 0.1, 100_000, Double.NaN)));
  }

  @Test
  void ratiosAreToTheLargest() {
    List<Grown> grown = two(Axis.BATCH);
    assertThat(grown.getFirst().ratio()).isEqualTo(3);
    assertThat(grown.getLast().ratio()).isEqualTo(1);
    Map<String, Object> json = Json.parseObject("line", Json.write(grown.getFirst().json()));
    assertThat(json)
        .containsEntry("axis", "batch")
        .containsEntry("size", 8L)
        .containsEntry("us", 30.0)
        .containsEntry("flops", 1000L)
        .containsEntry("nsPerFlop", 30.0)
        .containsEntry("ratio", 3.0);
    assertThat(grown.getFirst().cells()).hasSameSizeAs(Grown.heads()).contains("30.0 µs", "3.00");
  }

  @Test
  void theDrawingHasAPanelForEachAxisWithTwoLinesForEachNumberOfThreads() throws Exception {
    List<Grown> grown = Arrays.stream(Axis.values()).flatMap(a -> two(a).stream()).toList();
    String svg = GrowthDrawing.draw(grown).svg();
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getElementsByTagName("g").getLength()).isEqualTo(4);
    assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(8);
    assertThat(svg).contains("step against sequence", "1 thread").doesNotContain("NaN");
  }
}
