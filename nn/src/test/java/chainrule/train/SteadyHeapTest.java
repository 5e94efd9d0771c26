package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chainrule.compile.Compiled;
import chainrule.internal.kernel.KernelChoice;
import chainrule.math.Philox;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.Dropout;
import chainrule.nn.Linear;
import chainrule.nn.Losses;
import chainrule.nn.Module;
import chainrule.nn.ReLU;
import chainrule.nn.Sequential;
import chainrule.optim.Adam;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A hundred thousand compiled steps leave the heap as it was: less than a byte a step. What else
 * lives in this process makes a round differ, not all of them; what a step keeps, all of them.
 */
class SteadyHeapTest {
  private static final ThreadMXBean BEAN = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
  private static final int STEPS = 100_000;
  private static final int ROUNDS = 4;

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void aHundredThousandStepsLeaveTheHeapAsItWas() {
    assumeTrue(
        KernelChoice.F32.name().equals("scalar"),
        "vectors are objects until the JIT has compiled a loop: measured on plain loops");
    Module net =
        new Sequential(
                new Linear(2, 8),
                new BatchNorm1d(8),
                new ReLU(),
                new Dropout(0.2),
                new Linear(8, 2))
            .init(1);
    net.train();
    Adam adam = new Adam(net.parameters());
    Compiled step =
        Compiled.of(
            in -> {
              Tensor loss = Losses.crossEntropy(net.forward(in.get(0)), in.get(1));
              loss.backward();
              adam.step();
              return List.of(loss.detach());
            });
    Tensor[] batch = {
      Tensor.randn(DType.F32, new Philox(1, "heap"), 4, 2), Tensor.of(new int[] {0, 1, 1, 0})
    };
    double sum = run(step, batch);
    long allocated = Long.MAX_VALUE;
    long grown = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && (allocated >= STEPS || grown >= STEPS); round++) {
      long held = used();
      long before = BEAN.getCurrentThreadAllocatedBytes();
      sum += run(step, batch);
      allocated = Math.min(allocated, BEAN.getCurrentThreadAllocatedBytes() - before);
      grown = Math.min(grown, used() - held);
    }
    assertThat(allocated).as("bytes of %d steps", STEPS).isLessThan(STEPS);
    assertThat(grown).as("growth of the heap").isLessThan(STEPS);
    assertThat(sum).isFinite();
  }

  private static double run(Compiled step, Tensor[] batch) {
    double sum = 0;
    for (int i = 0; i < STEPS; i++) {
      sum += step.number(batch);
    }
    return sum;
  }
}
