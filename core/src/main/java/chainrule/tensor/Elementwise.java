package chainrule.tensor;

import chainrule.internal.kernel.Split;
import chainrule.math.Binary;
import chainrule.math.Probe;
import chainrule.math.Program;
import chainrule.math.Unary;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Functions of single elements, with broadcasting: the table of {@link chainrule.math} on tensors.
 */
public sealed interface Elementwise extends Op {
  /** Which operands the gradient for input {@code i} reads: bit k is input k, bit 31 the result. */
  int reads(int i);

  /** The function of an element of each operand. */
  Program program();

  @Override
  default DType dtype(DType... in) {
    return DType.common(this, in);
  }

  /** {@code y = f(x)}. */
  record Map(Unary f) implements Elementwise {
    private static final int[] READS = new int[Unary.values().length];

    static {
      for (Unary f : Unary.values()) {
        READS[f.ordinal()] = bits(Probe.reads(f));
      }
    }

    @Override
    public String name() {
      return f.call();
    }

    @Override
    public Shape shape(Shape... in) {
      return in[0];
    }

    @Override
    public Program program() {
      return new Program(1, 0, List.of(new Program.Map(f, 0)), List.of(1));
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      Split.map(out.kernels(), f, in[0].array(), out.array(), out.size());
    }

    @Override
    public @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
      return new Tensor[] {Tape.inTensors() ? f.pull(g, x[0], y) : Pulls.of(f, g, x[0], y)};
    }

    @Override
    public Tensor tangent(Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
      Tensor d = dx[0];
      return d == null || f.flat() ? y.zerosLike() : f.pull(d, x[0], y);
    }

    @Override
    public boolean flat() {
      return f.flat();
    }

    @Override
    public int reads(int i) {
      return READS[f.ordinal()];
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.in(f.domain(), random, 2, 3));
    }
  }

  /** {@code y = f(a, b)}. */
  record Zip(Binary f) implements Elementwise {
    private static final int[][] READS = new int[Binary.values().length][];

    static {
      for (Binary f : Binary.values()) {
        READS[f.ordinal()] = new int[] {bits(Probe.readsForA(f)), bits(Probe.readsForB(f))};
      }
    }

    @Override
    public String name() {
      return f.call();
    }

    @Override
    public Shape shape(Shape... in) {
      return Shape.broadcast(name(), in[0], in[1]);
    }

    @Override
    public Program program() {
      return new Program(2, 0, List.of(new Program.Zip(f, 0, 1)), List.of(2));
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      prepared(in, out).run();
    }

    @Override
    public Runnable prepared(Tensor[] in, Tensor out) {
      Shape s = out.shape();
      Tensor a = in[0];
      Tensor b = in[1];
      boolean wholeA = a.shape().equals(s);
      boolean wholeB = b.shape().equals(s);
      if ((wholeA || a.size() == 1) && (wholeB || b.size() == 1)) {
        int as = wholeA ? 1 : 0;
        int bs = wholeB ? 1 : 0;
        return () ->
            Split.zip(out.kernels(), f, a.array(), as, b.array(), bs, out.array(), out.size());
      }
      int[] as = a.shape().stridesIn(s);
      int[] bs = b.shape().stridesIn(s);
      int[] dims = s.toArray();
      return () ->
          Split.zip(out.kernels(), f, a.array(), as, b.array(), bs, out.array(), dims);
    }

    @Override
    public @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
      boolean alike = g.shape().equals(x[0].shape()) && g.shape().equals(x[1].shape());
      if (alike && !Tape.inTensors()) {
        return Pulls.of(f, g, x[0], x[1], y, wanted[0], wanted[1]);
      }
      return new @Nullable Tensor[] {
        wanted[0] ? f.pullA(g, x[0], x[1], y) : null, wanted[1] ? f.pullB(g, x[0], x[1], y) : null
      };
    }

    @Override
    public Tensor tangent(Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
      Tensor d = y.zerosLike();
      if (dx[0] != null) {
        d = d.add(f.pullA(dx[0], x[0], x[1], y));
      }
      if (dx[1] != null) {
        d = d.add(f.pullB(dx[1], x[0], x[1], y));
      }
      return d;
    }

    @Override
    public boolean flat() {
      return f.flat();
    }

    @Override
    public int reads(int i) {
      return READS[f.ordinal()][i];
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.in(f.domainA(), random, 2, 3), Examples.in(f.domainB(), random, 3));
    }
  }

  /** {@code y = c ≠ 0 ? a : b}; no gradient reaches c. */
  record Select() implements Elementwise {
    @Override
    public String name() {
      return "where";
    }

    @Override
    public Shape shape(Shape... in) {
      return Shape.broadcast(name(), Shape.broadcast(name(), in[1], in[2]), in[0]);
    }

    @Override
    public Program program() {
      return new Program(3, 0, List.of(new Program.Select(0, 1, 2)), List.of(3));
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      prepared(in, out).run();
    }

    @Override
    public Runnable prepared(Tensor[] in, Tensor out) {
      Shape s = out.shape();
      int[] dims = s.toArray();
      int[] cs = in[0].shape().stridesIn(s);
      int[] as = in[1].shape().stridesIn(s);
      int[] bs = in[2].shape().stridesIn(s);
      return () ->
          Split.select(
              out.kernels(),
              in[0].array(),
              cs,
              in[1].array(),
              as,
              in[2].array(),
              bs,
              out.array(),
              dims);
    }

    @Override
    public @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
      Tensor zero = g.constant(0);
      return new @Nullable Tensor[] {
        null, wanted[1] ? x[0].select(g, zero) : null, wanted[2] ? x[0].select(zero, g) : null
      };
    }

    @Override
    public Tensor tangent(Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
      Tensor none = y.zerosLike();
      return x[0].select(dx[1] == null ? none : dx[1], dx[2] == null ? none : dx[2]);
    }

    @Override
    public int reads(int i) {
      return i == 0 ? 0 : 1;
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      Tensor condition = Tensor.of(new double[] {1, 0, 2, 0, 0, -1}, 2, 3);
      return List.of(condition, Examples.normal(random, 2, 3), Examples.normal(random, 3));
    }
  }

  private static int bits(int probe) {
    return (probe & (Probe.A | Probe.B)) | ((probe & Probe.Y) != 0 ? Node.Y : 0);
  }
}
