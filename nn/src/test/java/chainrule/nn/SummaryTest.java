package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.nn.Summary.Row;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.DType;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  /** LeNet-5 of the usual tutorial: 44,426 parameters. */
  private static Sequential lenet() {
    return new Sequential(
        new Conv2d(1, 6, 5),
        new ReLU(),
        new MaxPool2d(2),
        new Conv2d(6, 16, 5),
        new ReLU(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(256, 120),
        new ReLU(),
        new Linear(120, 84),
        new ReLU(),
        new Linear(84, 10));
  }

  @Test
  void lenetLayerByLayer() {
    Summary summary = Summary.of(lenet(), 1, 28, 28);
    assertEquals(13, summary.rows().size());
    Row conv = summary.rows().get(4);
    assertEquals("3", conv.name());
    assertEquals("Conv2d", conv.type());
    assertEquals(1, conv.depth());
    assertEquals("1×16×8×8", String.valueOf(conv.output()));
    assertEquals(6 * 16 * 25 + 16, conv.parameters());
    assertEquals(16 * 64 * (2 * 6 * 25 + 1), conv.flops());
    assertEquals(16 * 64 * 4, conv.bytes());
    Row flat = summary.rows().get(7);
    assertEquals("1×256", String.valueOf(flat.output()));
    assertEquals(0, flat.bytes());
    assertEquals(0, flat.flops());
    Row linear = summary.rows().getLast();
    assertEquals(10 * (2 * 84 + 1), linear.flops());
    assertEquals(44_426, summary.parameters());
    assertEquals(44_426 * 4, summary.parameterBytes());
  }

  @Test
  void theTable() {
    var model =
        new Sequential(
            new Conv2d(1, 8, 3, 3, Conv2dOptions.DEFAULT.padding(1), false),
            new BatchNorm2d(8),
            new Residual(new Sequential(new Conv2d(8, 8, 1), new Dropout(0.5))),
            new AdaptiveAvgPool2d(1),
            new Flatten(),
            new Linear(8, 10));
    model.children().get("5").freeze();
    assertEquals(
        """
        layer                  output     parameters   FLOPs   memory
        ─────────────────────────────────────────────────────────────
        Sequential             N×10
          0 Conv2d             N×8×12×12          72  20.7 k  4.61 kB
          1 BatchNorm2d        N×8×12×12          16  4.62 k  4.67 kB
          2 Residual           N×8×12×12              1.15 k  4.61 kB
            body Sequential    N×8×12×12
              0 Conv2d         N×8×12×12          72  19.6 k  4.61 kB
              1 Dropout        N×8×12×12
          3 AdaptiveAvgPool2d  N×8×1×1                1.15 k     64 B
          4 Flatten            N×8
          5 Linear             N×10               90     170     40 B

        parameters   250 (1.00 kB): 160 trained, 90 frozen, 16 numbers kept beside them
        forward      47.4 k FLOPs, 18.6 kB of results\
        """,
        Summary.of(model, 1, 12, 12).toString());
  }

  @Test
  void sharedModulesCountOnceAndWhatDoesNotRunIsShown() {
    Linear shared = new Linear(4, 4);
    class Net extends Module {
      Net() {
        child("first", shared);
        child("again", new Sequential(shared, new Tanh()));
        child("unused", new Linear(4, 2));
      }

      @Override
      protected Tensor compute(Tensor x) {
        return children().get("again").forward(children().get("first").forward(x));
      }
    }
    Net net = new Net();
    Summary summary = Summary.of(net, 4);
    assertEquals(
        List.of("", "first", "again", "0", "1", "unused"),
        summary.rows().stream().map(Row::name).toList());
    Row second = summary.rows().get(3);
    assertTrue(second.again());
    assertEquals(0, second.parameters());
    assertEquals(summary.rows().get(1).flops(), second.flops());
    assertNull(summary.rows().getLast().output());
    assertEquals(10, summary.rows().getLast().parameters());
    assertEquals(net.parameterCount(), summary.parameters());
    assertEquals(net.parameterCount(), summary.rows().stream().mapToLong(Row::parameters).sum());
    assertTrue(summary.toString().contains("shared"));
  }

  @Test
  void aModelIsLookedAtNotChanged() {
    var model = new Sequential(new Linear(3, 3), new BatchNorm1d(3), new Dropout(0.5));
    Summary.of(model, 3);
    assertEquals(0, model.stateDict().get("1.running_mean").abs().max().item());
    assertEquals(0, ((Dropout) model.children().get("2")).calls());
    assertTrue(model.training());
  }

  @Test
  void indicesAndDoublesAndBatches() {
    var words = new Sequential(new Embedding(10, 4), new Flatten(), new Linear(20, 3));
    assertEquals("1×5×4", String.valueOf(Summary.of(words, 5).rows().get(1).output()));
    var wide = Module.in(DType.F64, () -> new Sequential(new Linear(3, 2)));
    assertEquals(8 * 8, Summary.of(wide, 3).parameterBytes());
    Summary batch = Summary.of(new Sequential(new Linear(3, 2)), Tensor.ones(7, 3));
    assertEquals(7 * 2 * 7, batch.flops());
    assertTrue(batch.toString().contains("N×2"));
  }

  @Test
  void linesStayWithinAHundredColumns() {
    Module deep = new Linear(3, 3);
    for (int i = 0; i < 60; i++) {
      deep = new Residual(deep);
    }
    String text = Summary.of(deep, 3).toString();
    assertTrue(text.lines().allMatch(line -> line.length() <= 100), text);
    assertTrue(text.contains("…"), text);
  }

  @Test
  void aShapeThatDoesNotFitNamesTheLayer() {
    var e = assertThrows(ShapeException.class, () -> Summary.of(lenet(), 3, 28, 28));
    assertEquals("Conv2d 0: the input must be N×1×H×W, got 1×3×28×28", e.getMessage());
  }
}
