package chainrule.autograd;

import chainrule.math.Binary;
import chainrule.math.Composite;
import chainrule.math.Domain;
import chainrule.math.Unary;
import chainrule.tensor.Attention;
import chainrule.tensor.ChannelNormalisations;
import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.ConvTranspose2dOptions;
import chainrule.tensor.CustomOp;
import chainrule.tensor.DType;
import chainrule.tensor.Elementwise;
import chainrule.tensor.Fused;
import chainrule.tensor.Indexed;
import chainrule.tensor.Linear;
import chainrule.tensor.LinearOp;
import chainrule.tensor.MatMul;
import chainrule.tensor.Normalisations;
import chainrule.tensor.Op;
import chainrule.tensor.Pointwise;
import chainrule.tensor.Recurrence;
import chainrule.tensor.Rows;
import chainrule.tensor.Search;
import chainrule.tensor.Shape;
import chainrule.tensor.Spatial;
import chainrule.tensor.Tensor;
import chainrule.tensor.Window;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The elementwise table and every kind of operation of the engine. */
final class OpCatalog {
  /** How far F32 may be from F64 for one function of the table, relative to max(1, |y|). */
  private static final double ONE_FUNCTION = 3e-7;

  private static final double SEVERAL_FUNCTIONS = 1e-6;

  /** More than {@link chainrule.tensor.Node#SMALL}, so that only what is read is kept. */
  private static final int[] SAMPLES = {6, 8};

  /** Operands that broadcast against each other. */
  private static final List<int[][]> BROADCASTS =
      List.of(
          new int[][] {{2, 3}, {3}, {}},
          new int[][] {{2, 1}, {1, 3}, {2, 3}},
          new int[][] {{}, {2, 3}, {1}},
          new int[][] {{4, 1, 3}, {2, 1}, {1, 2, 3}});

  private OpCatalog() {}

  static List<Subject> subjects() {
    var out = new ArrayList<Subject>();
    for (Unary f : Unary.values()) {
      out.add(subject(f));
    }
    for (Binary f : Binary.values()) {
      out.add(subject(f));
    }
    for (Composite f : Composite.values()) {
      out.add(subject(f));
    }
    for (Op op : instances()) {
      out.add(subject(op));
    }
    Set<Class<?>> missing = kinds(Op.class);
    missing.removeAll(Set.of(Elementwise.Map.class, Elementwise.Zip.class));
    instances().forEach(op -> missing.remove(op.getClass()));
    if (!missing.isEmpty()) {
      throw new IllegalStateException("no law tries " + missing + "; add an instance to OpCatalog");
    }
    return out;
  }

  /** Every class of operation that a sealed type permits; operations of users apart. */
  private static Set<Class<?>> kinds(Class<?> type) {
    var out = new HashSet<Class<?>>();
    if (type.isSealed()) {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        out.addAll(kinds(permitted));
      }
    } else if (type != CustomOp.class) {
      out.add(type);
    }
    return out;
  }

  /** At least one of every kind, with the options that change what it does. */
  private static List<Op> instances() {
    return List.of(
        new Elementwise.Select(),
        new MatMul(false, false),
        new MatMul(false, true),
        new MatMul(true, false),
        new MatMul(true, true),
        new LinearOp.Reshape(Shape.of(2, 3)),
        new LinearOp.Permute(2, 0, 1),
        new LinearOp.Permute(1, -4, -1, 2),
        new LinearOp.Expand(Shape.of(2, 3, 4)),
        new LinearOp.SumTo(Shape.of(3, 1)),
        new LinearOp.SumTo(Shape.of(1, 3, 4)),
        new LinearOp.SumTo(Shape.of(1)),
        new LinearOp.Slice(1, 1, 2, 1),
        new LinearOp.Slice(0, 0, 3, 2),
        new LinearOp.Slice(2, 3, 4, -1),
        new LinearOp.Unslice(1, 1, 4, 1),
        new LinearOp.Unslice(0, 0, 6, 2),
        new LinearOp.Unslice(2, 3, 4, -1),
        new LinearOp.Concat(0),
        new LinearOp.Concat(1),
        new LinearOp.CumSum(1, false),
        new LinearOp.CumSum(0, true),
        new LinearOp.Cast(DType.F64, DType.F64),
        new LinearOp.Cast(DType.F64, DType.F32),
        new LinearOp.Cast(DType.F32, DType.F64),
        new LinearOp.Cast(DType.I32, DType.F64),
        new Indexed.Gather(0),
        new Indexed.ScatterAdd(1, 4),
        new Indexed.IndexSelect(0),
        new Indexed.IndexAdd(0, 3),
        new Linear(),
        new Rows.Softmax(),
        new Rows.LogSoftmax(),
        new Rows.CrossEntropy(),
        new Normalisations.LayerNorm(1e-5, true),
        new Normalisations.LayerNorm(0.1, false),
        new Normalisations.RmsNorm(1e-5),
        new ChannelNormalisations.ChannelMoments(),
        new ChannelNormalisations.BatchNorm(1e-5, true, true),
        new ChannelNormalisations.BatchNorm(0.1, true, false),
        new ChannelNormalisations.BatchNorm(1e-5, false, true),
        new ChannelNormalisations.BatchNorm(1e-5, false, false),
        Pointwise.of("pointwise", 1, x -> x.getFirst().tanh().mul(x.getFirst())),
        Pointwise.of(
            "pointwise of three",
            3,
            x -> x.get(0).mul(x.get(1)).sub(x.get(2).square()).mul(x.get(0).sigmoid())),
        new LinearOp.Unfold(Window.of(2)),
        new LinearOp.Unfold(Window.of(3, 2).stride(2, 1).padding(1, 2).dilation(1, 2)),
        new LinearOp.Unfold(Window.of(2).stride(3)),
        new LinearOp.Fold(Window.of(2), 4, 3),
        new LinearOp.Fold(Window.of(2, 3).stride(1, 2).padding(2, 1).dilation(2, 1), 4, 5),
        new Spatial.Conv2d(Conv2dOptions.DEFAULT, true),
        new Spatial.Conv2d(Conv2dOptions.DEFAULT, false),
        new Spatial.Conv2d(Conv2dOptions.DEFAULT.padding(1), true),
        new Spatial.Conv2d(Conv2dOptions.DEFAULT.stride(2, 1).padding(0, 2), true),
        new Spatial.Conv2d(Conv2dOptions.DEFAULT.dilation(2).padding(2, 1), false),
        new Spatial.Conv2d(Conv2dOptions.DEFAULT.groups(2).stride(2), true),
        new Spatial.Conv2d(Conv2dOptions.DEFAULT.groups(3).stride(3, 2).dilation(1, 2), false),
        new Spatial.ConvTranspose2d(ConvTranspose2dOptions.DEFAULT),
        new Spatial.ConvTranspose2d(ConvTranspose2dOptions.DEFAULT.stride(2).padding(1)),
        new Spatial.ConvTranspose2d(ConvTranspose2dOptions.DEFAULT.stride(2, 3).outputPadding(1)),
        new Spatial.ConvTranspose2d(ConvTranspose2dOptions.DEFAULT.groups(2).dilation(2, 1)),
        new Spatial.MaxPool2d(Window.of(2).stride(2)),
        new Spatial.MaxPool2d(Window.of(3).stride(2, 1).padding(1)),
        new Spatial.MaxPool2d(Window.of(2).stride(2).dilation(2, 1).padding(1, 0)),
        new Spatial.MaxPool2d(Window.of(3, 2).stride(3, 4).padding(1).ceilMode(true)),
        new Spatial.AvgPool2d(Window.of(2).stride(2), true),
        new Spatial.AvgPool2d(Window.of(3, 2).stride(2, 1).padding(1), true),
        new Spatial.AvgPool2d(Window.of(3).stride(2).padding(1), false),
        new Spatial.AvgPool2d(Window.of(3, 2).stride(3, 4).padding(1).ceilMode(true), true),
        new Spatial.AvgPool2d(Window.of(2, 3).stride(4, 2).ceilMode(true), false),
        new Attention(false, false, 0.5),
        new Attention(false, true, 0.7),
        new Attention(true, false, 0.7),
        new Attention(true, true, 0.5),
        new Recurrence(Recurrence.Cell.TANH, false, false),
        new Recurrence(Recurrence.Cell.TANH, true, true),
        new Recurrence(Recurrence.Cell.RELU, true, false),
        new Recurrence(Recurrence.Cell.LSTM, false, false),
        new Recurrence(Recurrence.Cell.LSTM, false, true),
        new Recurrence(Recurrence.Cell.LSTM, true, true),
        new Recurrence(Recurrence.Cell.GRU, true, false),
        new Recurrence(Recurrence.Cell.GRU, false, true),
        new Search.ArgExtreme(1, false),
        new Search.ArgExtreme(2, true),
        new Search.ArgSort(1, false),
        new Search.ArgSort(0, true));
  }

  private static Subject subject(Unary f) {
    var op = new Elementwise.Map(f);
    var subject = elementwise(op, random -> List.of(in(f.domain(), random, SAMPLES)));
    subject.law(
        "scalar engine", DType.F64, (_, at) -> LawChecks.scalarEngine(LawChecks.scalar(f), at));
    return subject.precision(ONE_FUNCTION);
  }

  private static Subject subject(Binary f) {
    var op = new Elementwise.Zip(f);
    var subject =
        elementwise(
            op,
            random -> List.of(in(f.domainA(), random, SAMPLES), in(f.domainB(), random, SAMPLES)));
    subject.law(
        "scalar engine", DType.F64, (_, at) -> LawChecks.scalarEngine(LawChecks.scalar(f), at));
    if (!f.flat()) {
      subject.law("broadcast", DType.F64, (_, at) -> broadcast(op, at));
    }
    return subject.precision(ONE_FUNCTION);
  }

  private static Subject elementwise(Elementwise op, Example example) {
    var subject = new Subject(op.name(), in -> LawChecks.apply(op, in), example::of);
    subject.law("shape", DType.F64, (_, at) -> LawChecks.shape(op, at));
    subject.law("overwrites", DType.F64, (_, at) -> LawChecks.overwrites(op, at));
    subject.gradients();
    return subject.law("liveness", DType.F64, (_, at) -> LawChecks.liveness(op, at));
  }

  private static Subject subject(Composite f) {
    var subject =
        new Subject(
            f.call(),
            in -> f.of(in.getFirst()),
            random -> List.of(in(f.domain(), random, SAMPLES)));
    subject.law("shape", DType.F64, (g, at) -> LawChecks.shape(g, at, at.getFirst().shape()));
    subject.gradients();
    subject.law(
        "scalar engine", DType.F64, (_, at) -> LawChecks.scalarEngine(LawChecks.scalar(f), at));
    subject.law("fused", DType.F64, (g, at) -> LawChecks.fused(g, at, DType.F64));
    subject.law("fused", DType.F32, (g, at) -> LawChecks.fused(g, at, DType.F32));
    return subject.precision(SEVERAL_FUNCTIONS);
  }

  private static Subject subject(Op op) {
    if (op instanceof LinearOp.Cast cast && cast.from() != cast.to()) {
      var subject =
          new Subject(op.name() + " from " + cast.from(), in -> in.getFirst(), op::example);
      subject.law("shape", cast.to(), (_, at) -> LawChecks.shape(op, at));
      subject.law("overwrites", cast.to(), (_, at) -> LawChecks.overwrites(op, at));
      return cast.flat()
          ? subject
          : subject.law("adjoint", cast.to(), (_, at) -> LawChecks.adjoint(op, at));
    }
    var subject = Subject.of(op);
    if (op instanceof LinearOp || op instanceof Indexed) {
      subject.law("adjoint", DType.F64, (_, at) -> LawChecks.adjoint(op, at));
      subject.law("liveness", DType.F64, (_, at) -> LawChecks.liveness(op, at));
    }
    if (op instanceof Fused) {
      subject.law("fused", DType.F64, (f, at) -> LawChecks.fused(f, at, DType.F64));
      subject.law("fused", DType.F32, (f, at) -> LawChecks.fused(f, at, DType.F32));
      subject.law("liveness", DType.F64, (_, at) -> LawChecks.liveness(op, at));
    }
    if (op instanceof Elementwise.Select) {
      subject.law(
          "liveness",
          DType.F64,
          (_, _) -> LawChecks.liveness(op, List.of(sign(SAMPLES), sign(SAMPLES), sign(SAMPLES))));
      subject.law(
          "broadcast",
          DType.F64,
          (_, _) -> broadcast(op, List.of(sign(SAMPLES), sign(SAMPLES), sign(SAMPLES))));
    }
    if (op instanceof MatMul product) {
      subject.law("liveness", DType.F64, (_, _) -> LawChecks.liveness(op, factors(product, 3, 1)));
      subject.law(
          "broadcast", DType.F64, (_, _) -> LawChecks.broadcast(op, factors(product, 1, 3)));
    }
    return subject;
  }

  private static List<Tensor> factors(MatMul op, int batchA, int batchB) {
    int[] a = {2, batchA, op.transposeA() ? 4 : 5, op.transposeA() ? 5 : 4};
    int[] b = {batchB, op.transposeB() ? 6 : 4, op.transposeB() ? 4 : 6};
    return List.of(sign(a), sign(b));
  }

  /** Numbers from the operands that were given, cut to shapes that broadcast. */
  private static Laws.Verdict broadcast(Op op, List<Tensor> at) {
    Laws.Verdict worst = null;
    for (int[][] shapes : BROADCASTS) {
      var in = new ArrayList<Tensor>();
      for (int i = 0; i < at.size(); i++) {
        int n = Shape.of(shapes[i]).size();
        in.add(at.get(i).flatten().slice(0, 0, n).reshape(shapes[i]));
      }
      Laws.Verdict here = LawChecks.broadcast(op, in);
      if (worst == null || !here.passed() || here.error() > worst.error()) {
        worst = here;
      }
      if (!here.passed()) {
        return here;
      }
    }
    return worst == null ? Laws.Verdict.holds(false, "nothing tried") : worst;
  }

  /** Makes an example. */
  private interface Example {
    List<Tensor> of(RandomGenerator random);
  }

  private static Tensor in(Domain domain, RandomGenerator random, int... shape) {
    double[] values = new double[Shape.of(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = domain.sample(random);
    }
    return Tensor.of(values, shape);
  }

  /** Numbers of changing sign, all different, with zeros among them. */
  private static Tensor sign(int... shape) {
    double[] values = new double[Shape.of(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 5 == 4 ? 0 : StrictMath.sin(3.0 * i + 1);
    }
    return Tensor.of(values).reshape(shape);
  }
}
