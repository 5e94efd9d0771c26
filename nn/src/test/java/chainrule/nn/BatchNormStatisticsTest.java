package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.math.Philox;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchNormStatisticsTest {
  @Test
  void statisticsAreTheMeanOverTheBatches() {
    Module model = Module.in(DType.F64, () -> new Sequential(new BatchNorm1d(2)));
    Philox random = new Philox(1);
    Tensor a = Tensor.randn(DType.F64, random, 5, 2);
    Tensor b = Tensor.randn(DType.F64, random, 5, 2).mul(3).add(7);
    model.forward(a);
    model.eval();
    BatchNormStatistics.recompute(model, List.of(a, b));
    Tensor mean = model.namedBuffers().get("0.running_mean").value();
    Tensor var = model.namedBuffers().get("0.running_var").value();
    assertTrue(mean.allClose(a.mean(0).add(b.mean(0)).div(2), 1e-14, 0));
    assertTrue(var.allClose(a.var(0).add(b.var(0)).div(2), 1e-14, 0));
    assertFalse(model.training());
  }
}
