package chainrule.conformance;

import chainrule.formats.Safetensors;
import chainrule.optim.LRScheduler;
import chainrule.optim.Optimizer;
import chainrule.optim.ReduceLROnPlateau;
import chainrule.optim.SGD;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A schedule under certain options: learning rate and momentum at 50 times, held to PyTorch's. */
final class ScheduleCase implements Case {
  private static final int TIMES = 50;

  private final String subject;
  private final String name;
  private final Function<Optimizer, LRScheduler> build;

  ScheduleCase(
      Class<? extends LRScheduler> type, String name, Function<Optimizer, LRScheduler> build) {
    this.subject = type.getSimpleName();
    this.name = name;
    this.build = build;
  }

  @Override
  public Kind kind() {
    return Kind.SCHEDULE;
  }

  @Override
  public String subject() {
    return subject;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, Object> options() {
    return Map.of();
  }

  @Override
  public List<Cell> cells() {
    return List.of(
        new Cell(
            Columns.TIMES,
            () ->
                Deviation.of(
                    DType.F64,
                    new Course().to(TIMES).rates(),
                    Fixture.of(kind(), subject).get(name, "out"))),
        new Cell(
            Columns.RESUMED,
            () ->
                Deviation.bits(
                    "stopped half-way",
                    new Course().to(TIMES).rates(),
                    new Course().to(TIMES / 2).interrupted().to(TIMES).rates())));
  }

  @Override
  public String digest() {
    return Integer.toHexString(Deviation.hash(new Course().to(TIMES).rates()));
  }

  /** An optimizer's rates on the way. */
  private final class Course {
    private final double[] lr = new double[TIMES];
    private final double[] momentum = new double[TIMES];
    private final double[] metric;
    private final Parameter weight = Tensor.of(1.0).requiresGrad();
    private Optimizer optimizer = optimizer();
    private LRScheduler schedule = build.apply(optimizer);
    private int t;

    Course() {
      Tensor given = Fixture.of(kind(), subject).get(name, "in").get("metric");
      metric = given == null ? new double[0] : given.toDoubleArray();
    }

    private Optimizer optimizer() {
      return new SGD(List.of(weight), SGD.options().lr(0.1).momentum(0.9));
    }

    Course to(int end) {
      for (; t < end; t++) {
        lr[t] = optimizer.lr();
        momentum[t] = optimizer.paramGroups().getFirst().momentum();
        weight.grad(Tensor.of(0.5));
        optimizer.step();
        if (schedule instanceof ReduceLROnPlateau plateau) {
          plateau.step(metric[t]);
        } else {
          schedule.step();
        }
      }
      return this;
    }

    /** A new optimizer and schedule, from what files hold. */
    Course interrupted() {
      byte[] optimizerFile = Safetensors.bytes(optimizer.stateDict(), Map.of());
      byte[] scheduleFile = Safetensors.bytes(schedule.stateDict(), Map.of());
      optimizer = optimizer();
      schedule = build.apply(optimizer);
      schedule.loadStateDict(Safetensors.parse(subject, scheduleFile).tensors());
      optimizer.loadStateDict(Safetensors.parse(subject, optimizerFile).tensors());
      return this;
    }

    Map<String, Tensor> rates() {
      return Map.of("lr", Tensor.of(lr), "momentum", Tensor.of(momentum));
    }
  }
}
