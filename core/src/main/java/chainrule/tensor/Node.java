package chainrule.tensor;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One step of a recorded computation, read-only: an operation, where its inputs came from, and what
 * its backward pass will need.
 *
 * <p>A node keeps only the values that the backward pass reads, and numbers so few ({@value #SMALL}
 * at most) that they cost nothing and a picture of the graph can show them.
 */
public final class Node {
  /** The bit that stands for the result in a set of operands read. */
  static final int Y = 1 << 31;

  /** Tensors of at most this many elements stay visible in the graph. */
  public static final int SMALL = 16;

  /** The version of a parameter whose value is only kept to be shown. */
  private static final int UNREAD = -1;

  private static final AtomicLong IDS = new AtomicLong();
  private static final Map<Class<?>, int[]> READS = new ConcurrentHashMap<>();

  private final long id = IDS.incrementAndGet();
  private final @Nullable Op op;
  private final @Nullable Parameter parameter;
  private final @Nullable Node[] inputs;
  private final @Nullable Tensor[] kept;
  private final Shape[] inputShapes;
  private final DType[] inputTypes;
  private final int[] versions;
  private final @Nullable Tensor value;
  private final Shape shape;
  private final DType dtype;
  private final String group;
  private final @Nullable StackTraceElement source;

  /** A leaf. */
  Node(Parameter leaf) {
    this.op = null;
    this.parameter = leaf;
    this.inputs = new Node[0];
    this.kept = new Tensor[0];
    this.inputShapes = new Shape[0];
    this.inputTypes = new DType[0];
    this.versions = new int[0];
    this.value = null;
    this.shape = leaf.shape();
    this.dtype = leaf.dtype();
    this.group = Tape.path();
    this.source = null;
  }

  /** A recorded operation. */
  Node(Op op, Tensor[] in, Tensor out, Tape.Mode mode) {
    this.op = op;
    this.parameter = null;
    this.inputs = new Node[in.length];
    this.kept = new Tensor[in.length];
    this.inputShapes = new Shape[in.length];
    this.inputTypes = new DType[in.length];
    this.versions = new int[in.length];
    int read = 0;
    for (int i = 0; i < in.length; i++) {
      inputs[i] = in[i].node();
      if (inputs[i] != null) {
        read |= reads(op, i, in, out);
      }
    }
    for (int i = 0; i < in.length; i++) {
      Tensor x = in[i];
      inputShapes[i] = x.shape();
      inputTypes[i] = x.dtype();
      if ((read & 1 << i) != 0 || x.size() <= SMALL || x.dtype() == DType.I32) {
        kept[i] = x;
        versions[i] = x instanceof Parameter p && (read & 1 << i) != 0 ? p.version() : UNREAD;
      }
    }
    this.value = (read & Y) != 0 || out.size() <= SMALL ? out : null;
    this.shape = out.shape();
    this.dtype = out.dtype();
    this.group = mode.path();
    this.source = mode.sources() ? Source.here() : null;
  }

  /** What the gradient towards input {@code i} reads, found by running the rule on probes. */
  private static int reads(Op op, int i, Tensor[] in, Tensor out) {
    return switch (op) {
      case Elementwise e -> e.reads(i);
      case LinearOp _, Search _ -> 0;
      case Indexed _ -> 2;
      case CustomOp _ -> -1;
      case Fused fused -> fused.reads(in.length);
      case MatMul _ -> READS.computeIfAbsent(op.getClass(), _ -> probe(op, in, out))[i];
    };
  }

  /** Runs a backward rule on tensors without data that only collect who was read. */
  static int[] probe(Op op, Tensor[] in, Tensor out) {
    Tensor[] x = new Tensor[in.length];
    boolean[] wanted = new boolean[in.length];
    for (int i = 0; i < in.length; i++) {
      x[i] = Tensor.ghost(in[i].dtype(), in[i].shape(), 1 << i, null);
      wanted[i] = in[i].dtype().isFloating();
    }
    Tensor y = Tensor.ghost(out.dtype(), out.shape(), Y, null);
    Tensor g = Tensor.ghost(out.dtype(), out.shape(), 0, null);
    @Nullable Tensor[] gradients = op.backward(g, y, x, wanted);
    int[] masks = new int[in.length];
    for (int i = 0; i < in.length; i++) {
      Tensor gradient = gradients[i];
      masks[i] = gradient == null ? 0 : gradient.probeMask();
    }
    return masks;
  }

  /** A number that grows with every node made. */
  public long id() {
    return id;
  }

  /** The operation; empty for a leaf. */
  public Optional<Op> op() {
    return Optional.ofNullable(op);
  }

  /** The leaf's parameter; empty for an operation. */
  public Optional<Parameter> parameter() {
    return Optional.ofNullable(parameter);
  }

  /** Where the inputs came from; null for a constant. */
  public List<@Nullable Node> inputs() {
    return Collections.unmodifiableList(Arrays.<@Nullable Node>asList(inputs));
  }

  /** Input {@code i}'s value, if it was kept: what backward reads, and small tensors. */
  public Optional<Tensor> input(int i) {
    return Optional.ofNullable(kept[i]);
  }

  /**
   * Whether every parameter that the backward pass reads still has its value of the forward pass.
   */
  public boolean current() {
    for (int i = 0; i < kept.length; i++) {
      if (kept[i] instanceof Parameter p && versions[i] != UNREAD && p.version() != versions[i]) {
        return false;
      }
    }
    return true;
  }

  /** Input {@code i}'s shape. */
  public Shape inputShape(int i) {
    return inputShapes[i];
  }

  /** The result, if it was kept; a leaf's is its parameter's present value. */
  public Optional<Tensor> value() {
    return parameter != null ? Optional.of(parameter) : Optional.ofNullable(value);
  }

  /** The result's shape. */
  public Shape shape() {
    return shape;
  }

  /** The result's element type. */
  public DType dtype() {
    return dtype;
  }

  /** The path of the layer in which the operation ran; empty outside of layers. */
  public String group() {
    return group;
  }

  /** The line of Java that made the node, if {@link Tape#withSources} asked for it. */
  public Optional<StackTraceElement> source() {
    return Optional.ofNullable(source);
  }

  /** The operation's name, or the parameter's. */
  public String name() {
    return op != null ? op.name() : parameter != null ? parameter.name() : "";
  }

  /** Runs the operation's backward pass on what was kept. */
  @Nullable Tensor[] backward(Tensor g, boolean[] wanted) {
    Tensor[] x = new Tensor[inputs.length];
    for (int i = 0; i < x.length; i++) {
      Tensor saved = kept[i];
      x[i] = saved != null ? fresh(saved, i) : Tensor.ghost(inputTypes[i], inputShapes[i], 0, this);
    }
    Tensor y = value != null ? value : Tensor.ghost(dtype, shape, 0, this);
    return Objects.requireNonNull(op).backward(g, y, x, wanted);
  }

  private Tensor fresh(Tensor saved, int i) {
    if (saved instanceof Parameter p && versions[i] != UNREAD && p.version() != versions[i]) {
      throw new GraphException(
          "backward of "
              + name()
              + (group.isEmpty() ? "" : " in " + group)
              + " needs the value that "
              + p.label()
              + " had in the forward pass, but it has been changed since (version "
              + versions[i]
              + ", now "
              + p.version()
              + "); call backward before the update, or run"
              + " forward again");
    }
    return saved;
  }

  @Override
  public String toString() {
    return name() + " " + shape + (group.isEmpty() ? "" : " in " + group);
  }
}
