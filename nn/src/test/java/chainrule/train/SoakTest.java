package chainrule.train;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Dataset;
import chainrule.data.Datasets;
import chainrule.formats.Safetensors;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.Dropout;
import chainrule.nn.Linear;
import chainrule.nn.Losses;
import chainrule.nn.Module;
import chainrule.nn.ReLU;
import chainrule.nn.Sequential;
import chainrule.optim.Adam;
import chainrule.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** Long trainings keep nothing, and trainings side by side do not meet. */
class SoakTest {
  private static Sequential model(Dataset data) {
    return new Sequential(
        new Linear(data.sampleShape().size(), 16),
        new BatchNorm1d(16),
        new ReLU(),
        new Dropout(0.2),
        new Linear(16, data.classNames().size()));
  }

  private static Map<String, Tensor> train(Dataset data, long seed, int epochs) {
    Module model = model(data).init(seed);
    new Trainer(model, Losses::crossEntropy, new Adam(model.parameters()))
        .fit(data, null, Trainer.epochs(epochs).batch(32).seed(seed));
    return model.stateDict();
  }

  /** The bytes of all objects that are still reachable, counted by the JVM one by one. */
  private static long liveBytes() throws Exception {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    String[] total = histogram.strip().lines().toList().getLast().strip().split("\\s+");
    assertThat(total[0]).isEqualTo("Total");
    return Long.parseLong(total[2]);
  }

  @Test
  void tenThousandStepsLeaveTheHeapWhereItWas() throws Exception {
    Dataset data = Datasets.iris();
    Module model = model(data).init(1);
    var trainer = new Trainer(model, Losses::crossEntropy, new Adam(model.parameters()));
    FitOptions fiveThousand = Trainer.epochs(5000 / Math.ceilDiv(data.size(), 32)).batch(32);
    trainer.fit(data, null, fiveThousand); // the JVM's own structures settle
    long before = liveBytes();
    trainer.fit(data, null, fiveThousand);
    trainer.fit(data, null, fiveThousand);
    long after = liveBytes();
    // One step of this network makes about 100 kB of tensors; 10,000 of them would be a gigabyte.
    assertThat(after - before).isLessThan(1 << 18);
  }

  @Test
  void twoTrainingsInTwoThreadsGiveTheBitsOfEachAlone() throws Exception {
    Dataset digits = Datasets.digits();
    Dataset iris = Datasets.iris();
    byte[] first = bytes(train(digits, 3, 2));
    byte[] second = bytes(train(iris, 4, 20));
    try (var pool = Executors.newFixedThreadPool(2)) {
      Callable<byte[]> one = () -> bytes(train(digits, 3, 2));
      Callable<byte[]> two = () -> bytes(train(iris, 4, 20));
      for (int round = 0; round < 3; round++) {
        var a = pool.submit(one);
        var b = pool.submit(two);
        assertThat(a.get()).isEqualTo(first);
        assertThat(b.get()).isEqualTo(second);
      }
    }
  }

  private static byte[] bytes(Map<String, Tensor> state) {
    return Safetensors.bytes(state, Map.of());
  }
}
