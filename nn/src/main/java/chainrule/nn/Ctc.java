package chainrule.nn;

import chainrule.tensor.CustomOp;
import chainrule.tensor.DType;
import chainrule.tensor.GraphException;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The losses of sequences under {@link CTCLoss}: times × n × classes logarithms to n numbers.
 *
 * <p>A sequence's labels with a blank before, between and after them are its states s. Forward,
 * {@code a(t, s)} is the log-probability of the states to s by time t; backward, {@code b(t, s)}
 * that of the states from s on. All in double.
 */
final class Ctc implements CustomOp {
  private static final double NEVER = Double.NEGATIVE_INFINITY;

  private final int blank;
  private final boolean zeroInfinity;
  private final int[] lengths;
  private final int[] starts;
  private final int[] counts;

  /**
   * For sequences of so many times.
   *
   * @param starts where each one's labels begin among all
   * @param counts how many labels each one has
   */
  Ctc(int blank, boolean zeroInfinity, int[] lengths, int[] starts, int... counts) {
    this.blank = blank;
    this.zeroInfinity = zeroInfinity;
    this.lengths = lengths.clone();
    this.starts = starts;
    this.counts = counts.clone();
  }

  /** The labels of each sequence. */
  int[][] labels(Tensor targets) {
    int[] flat = targets.toIntArray();
    int[][] labels = new int[starts.length][];
    Arrays.setAll(labels, i -> Arrays.copyOfRange(flat, starts[i], starts[i] + counts[i]));
    return labels;
  }

  @Override
  public String name() {
    return "ctc";
  }

  @Override
  public Shape shape(Shape... in) {
    return Shape.of(in[0].dim(1));
  }

  @Override
  public Tensor forward(Tensor... x) {
    double[] losses = new double[starts.length];
    double[] logs = x[0].toDoubleArray();
    int[][] labels = labels(x[1]);
    for (int i = 0; i < losses.length; i++) {
      var row = new Row(logs, x[0].shape(), i, labels[i]);
      double loss = -row.total(row.forward());
      losses[i] = zeroInfinity && loss == Double.POSITIVE_INFINITY ? 0 : loss;
    }
    return Tensor.of(losses).to(x[0].dtype());
  }

  @Override
  public @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor... x) {
    return new @Nullable Tensor[] {Tensor.apply(new Slope(), g, x[0], x[1]), null};
  }

  @Override
  public List<Tensor> example(RandomGenerator random) {
    int times = Arrays.stream(lengths).max().orElse(0);
    int labels = 0;
    for (int i = 0; i < starts.length; i++) {
      labels = Math.max(labels, starts[i] + counts[i]);
    }
    int[] targets = new int[labels];
    Arrays.fill(targets, blank == 0 ? 1 : blank - 1);
    return List.of(
        Tensor.randn(DType.F64, random, times, starts.length, blank + 2).logSoftmax(2),
        Tensor.of(targets));
  }

  /** One sequence among the logarithms of all. */
  private final class Row {
    private final double[] logs;
    private final int start;
    private final int stride;
    private final int times;
    private final int[] states;

    Row(double[] logs, Shape shape, int i, int... labels) {
      this.logs = logs;
      this.start = i * shape.dim(2);
      this.stride = shape.dim(1) * shape.dim(2);
      this.times = lengths[i];
      this.states = new int[2 * labels.length + 1];
      Arrays.fill(states, blank);
      for (int k = 0; k < labels.length; k++) {
        states[2 * k + 1] = labels[k];
      }
    }

    private int at(int t, int s) {
      return start + t * stride + states[s];
    }

    /** Whether state s can follow s − 2: not onto a blank, and not onto the same label. */
    private boolean skips(int s) {
      return s >= 2 && states[s] != blank && states[s] != states[s - 2];
    }

    double[][] forward() {
      double[][] a = new double[times][states.length];
      for (int t = 0; t < times; t++) {
        for (int s = 0; s < states.length; s++) {
          double before;
          if (t == 0) {
            before = s < 2 ? 0 : NEVER;
          } else {
            before = plus(a[t - 1][s], s >= 1 ? a[t - 1][s - 1] : NEVER);
            before = plus(before, skips(s) ? a[t - 1][s - 2] : NEVER);
          }
          a[t][s] = before + logs[at(t, s)];
        }
      }
      return a;
    }

    double[][] backward() {
      int last = states.length - 1;
      double[][] b = new double[times][states.length];
      for (int t = times - 1; t >= 0; t--) {
        for (int s = last; s >= 0; s--) {
          double after;
          if (t == times - 1) {
            after = s >= last - 1 ? 0 : NEVER;
          } else {
            after = plus(b[t + 1][s], s < last ? b[t + 1][s + 1] : NEVER);
            after = plus(after, s + 2 <= last && skips(s + 2) ? b[t + 1][s + 2] : NEVER);
          }
          b[t][s] = after + logs[at(t, s)];
        }
      }
      return b;
    }

    /** The log-probability of all ways. */
    double total(double[][] a) {
      int last = states.length - 1;
      if (times == 0) {
        return last == 0 ? 0 : NEVER;
      }
      double[] end = a[times - 1];
      return last == 0 ? end[0] : plus(end[last], end[last - 1]);
    }

    /** Adds −g times the probability of each class at each time. */
    void slope(double g, double[] out) {
      double[][] a = forward();
      double[][] b = backward();
      double total = total(a);
      if (total == NEVER && zeroInfinity) {
        return;
      }
      for (int t = 0; t < times; t++) {
        for (int s = 0; s < states.length; s++) {
          int i = at(t, s);
          double way = a[t][s] + b[t][s] - logs[i];
          if (total == NEVER) {
            out[i] = Double.NaN;
          } else if (logs[i] != NEVER && way != NEVER) {
            out[i] -= g * StrictMath.exp(way - total);
          }
        }
      }
    }
  }

  /** {@code ln(eˣ + eʸ)}. */
  private static double plus(double x, double y) {
    double top = Math.max(x, y);
    return top == NEVER ? NEVER : top + StrictMath.log1p(StrictMath.exp(Math.min(x, y) - top));
  }

  /** The gradient for the logarithms, from that for the losses. */
  private final class Slope implements CustomOp {
    @Override
    public String name() {
      return "ctc gradient";
    }

    @Override
    public Shape shape(Shape... in) {
      return in[1];
    }

    @Override
    public Tensor forward(Tensor... in) {
      double[] g = in[0].toDoubleArray();
      double[] logs = in[1].toDoubleArray();
      double[] out = new double[logs.length];
      int[][] labels = labels(in[2]);
      for (int i = 0; i < g.length; i++) {
        new Row(logs, in[1].shape(), i, labels[i]).slope(g[i], out);
      }
      return Tensor.of(out, in[1].shape().toArray()).to(in[1].dtype());
    }

    @Override
    public @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor[] in, boolean[] wanted) {
      if (wanted[1]) {
        throw new GraphException(
            "ctc has no second derivative here; take the gradient without createGraph");
      }
      Tensor ones = Tensor.ones(in[0].dtype(), in[0].shape());
      Tensor slope = Tensor.apply(this, ones, in[1], in[2]);
      return new @Nullable Tensor[] {g.mul(slope).sum(new int[] {0, 2}, false), null, null};
    }

    @Override
    public Tensor[] backward(Tensor g, Tensor y, Tensor... in) {
      throw new GraphException("ctc has no second derivative here");
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      List<Tensor> in = Ctc.this.example(random);
      Tensor logs = in.getFirst();
      return List.of(Tensor.ones(logs.dtype(), logs.size(1)), logs, in.getLast());
    }
  }
}
