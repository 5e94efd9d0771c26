package chainrule.autograd;

import chainrule.autograd.Laws.Law;
import chainrule.autograd.Laws.Row;
import chainrule.autograd.Laws.Verdict;
import chainrule.math.Philox;
import chainrule.tensor.CustomOp;
import chainrule.tensor.DType;
import chainrule.tensor.Op;
import chainrule.tensor.Search;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A function on tensors, where to try it, and the laws that it is to keep. */
final class Subject {
  private final String name;
  private final Function<List<Tensor>, Tensor> f;
  private final Function<RandomGenerator, List<Tensor>> example;
  private final List<Law> laws = new ArrayList<>();

  Subject(
      String name,
      Function<List<Tensor>, Tensor> f,
      Function<RandomGenerator, List<Tensor>> example) {
    this.name = name;
    this.f = f;
    this.example = example;
  }

  /** An operation, at its own example, with the laws that hold for all. */
  static Subject of(Op op) {
    return of(op, op::example);
  }

  /** An operation, at the given example, with the laws that hold for all. */
  static Subject of(Op op, Function<RandomGenerator, List<Tensor>> example) {
    var subject =
        new Subject(
            op.name(),
            op instanceof Search
                ? in -> LawChecks.apply(op, in).to(in.getFirst().dtype())
                : in -> LawChecks.apply(op, in),
            example);
    subject.law("shape", DType.F64, (_, at) -> LawChecks.shape(op, at));
    subject.law("overwrites", DType.F64, (_, at) -> LawChecks.overwrites(op, at));
    subject.gradients();
    return op instanceof CustomOp ? subject : subject.precision(1e-6);
  }

  /** Adds a law that is tried at the example. */
  Subject law(
      String lawName,
      DType dtype,
      BiFunction<Function<List<Tensor>, Tensor>, List<Tensor>, Verdict> check) {
    laws.add(new Law(lawName, dtype, () -> check.apply(f, at())));
    return this;
  }

  /** Adds orders 1 and 2, and forward mode. */
  Subject gradients() {
    var bounds = GradCheck.Options.DEFAULT;
    law("order 1", DType.F64, (g, at) -> verdict(GradCheck.order1(g, at), bounds.bound1()));
    law("order 2", DType.F64, (g, at) -> verdict(GradCheck.order2(g, at), bounds.bound2()));
    return law("forward mode", DType.F64, LawChecks::forwardMode);
  }

  private static Verdict verdict(GradCheck.@Nullable Element worst, double bound) {
    return Verdict.within(GradCheck.error(worst), bound, worst == null ? "" : worst.toString());
  }

  /** Adds the comparison of F32 with F64. */
  Subject precision(double bound) {
    law("value", DType.F32, (g, at) -> LawChecks.valueF32(g, at, bound));
    return law("gradient", DType.F32, LawChecks::gradientF32);
  }

  private List<Tensor> at() {
    return example.apply(new Philox(1, name));
  }

  Row row() {
    return new Row(name, List.copyOf(laws), f, this::at);
  }
}
