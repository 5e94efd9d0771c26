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
  private final int[][] labels;
  private final int[] lengths;

  Ctc(int blank, boolean zeroInfinity, int[][] labels, int[] lengths) {
    this.blank = blank;
    this.zeroInfinity = zeroInfinity;
    this.labels = labels;
    this.lengths = lengths.clone();
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
    double[] losses = new double[labels.length];
    double[] logs = x[0].toDoubleArray();
    for (int i = 0; i < losses.length; i++) {
      var row = new Row(logs, x[0].shape(), i);
      double loss = -row.total(row.forward());
      losses[i] = zeroInfinity && loss == Double.POSITIVE_INFINITY ? 0 : loss;
    }
    return Tensor.of(losses).to(x[0].dtype());
  }

  @Override
  public Tensor[] backward(Tensor g, Tensor y, Tensor... x) {
    return new Tensor[] {Tensor.apply(new Slope(), g, x[0])};
  }

  @Override
  public List<Tensor> example(RandomGenerator random) {
    int classes = 1 + Arrays.stream(labels).flatMapToInt(Arrays::stream).max().orElse(blank);
    int times = Arrays.stream(lengths).max().orElse(0);
    return List.of(
        Tensor.randn(DType.F64, random, times, labels.length, Math.max(classes, blank + 1))
            .logSoftmax(2));
  }

  /** One sequence among the logarithms of all. */
  private final class Row {
    private final double[] logs;
    private final int start;
    private final int stride;
    private final int times;
    private final int[] states;

    Row(double[] logs, Shape shape, int i) {
      this.logs = logs;
      this.start = i * shape.dim(2);
      this.stride = shape.dim(1) * shape.dim(2);
      this.times = lengths[i];
      this.states = new int[2 * labels[i].length + 1];
      Arrays.fill(states, blank);
      for (int k = 0; k < labels[i].length; k++) {
        states[2 * k + 1] = labels[i][k];
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
      for (int i = 0; i < g.length; i++) {
        new Row(logs, in[1].shape(), i).slope(g[i], out);
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
      Tensor slope = Tensor.apply(this, ones, in[1]);
      return new @Nullable Tensor[] {g.mul(slope).sum(new int[] {0, 2}, false), null};
    }

    @Override
    public Tensor[] backward(Tensor g, Tensor y, Tensor... in) {
      throw new GraphException("ctc has no second derivative here");
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      Tensor logs = Ctc.this.example(random).getFirst();
      return List.of(Tensor.ones(logs.dtype(), logs.size(1)), logs);
    }
  }
}
