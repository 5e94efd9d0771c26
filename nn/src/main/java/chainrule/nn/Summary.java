package chainrule.nn;

import chainrule.tensor.Buffer;
import chainrule.tensor.DType;
import chainrule.tensor.LinearOp;
import chainrule.tensor.Op;
import chainrule.tensor.OpListener;
import chainrule.tensor.Parameter;
import chainrule.tensor.Shape;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a model is made of and what a forward pass of it costs, layer by layer, found by running it
 * once on one sample in evaluation mode.
 *
 * {@snippet :
 * System.out.println(Summary.of(model, 1, 28, 28));   // a sample of 1×28×28
 * }
 *
 * <p>Every number stands in one row: a parameter with the module that owns it, an operation with
 * the innermost module that runs it. A module that runs again is marked and has its parameters
 * counted once.
 *
 * <p>FLOPs are the arithmetic operations of the definitions: a fused operation counts as its
 * expression, a multiply-add as 2, any function of the table as 1, moving numbers as 0. Memory is
 * that of the results, which a training keeps for its backward pass at most; a reshape has none.
 */
public final class Summary {
  /**
   * One module that ran.
   *
   * @param name its name in its parent, empty for the model itself
   * @param type its kind
   * @param depth how many modules it is in
   * @param output the shape of its result; null if it did not run, or gives several tensors
   * @param parameters how many numbers it owns itself, none if it ran before
   * @param again whether it ran before
   * @param flops the arithmetic that it does itself, for one sample
   * @param bytes the memory of its own results, for one sample
   */
  public record Row(
      String name,
      String type,
      int depth,
      @Nullable Shape output,
      long parameters,
      boolean again,
      long flops,
      long bytes) {}

  private final List<Row> rows;
  private final int batch;
  private final long trained;
  private final long frozen;
  private final long parameterBytes;
  private final long buffers;

  private Summary(Module model, List<Row> rows, int batch) {
    this.rows = List.copyOf(rows);
    this.batch = batch;
    long on = 0;
    long off = 0;
    long bytes = 0;
    for (Parameter p : model.parameters()) {
      on += p.trainable() ? p.size() : 0;
      off += p.trainable() ? 0 : p.size();
      bytes += bytes(p);
    }
    this.trained = on;
    this.frozen = off;
    this.parameterBytes = bytes;
    this.buffers =
        model.namedBuffers().values().stream().map(Buffer::value).mapToLong(Tensor::size).sum();
  }

  /**
   * Of a model on one sample of zeros, of the model's own dtype, or of indices if the first layer
   * that has no layers inside is an {@link Embedding}.
   *
   * @param sample the shape of a sample, without the batch
   * @throws chainrule.tensor.ShapeException if the model does not take it; the message names the
   *     layer
   */
  public static Summary of(Module model, int... sample) {
    int[] shape = Shape.of(sample).insert(0, 1).toArray();
    return of(model, Tensor.zeros(inputType(model), shape));
  }

  private static DType inputType(Module model) {
    for (Module m : model.namedModules().values()) {
      if (m.children().isEmpty()) {
        if (m instanceof Embedding) {
          return DType.I32;
        }
        break;
      }
    }
    return model.parameters().stream().map(Tensor::dtype).findFirst().orElse(DType.F32);
  }

  /** Of a model on the given batch; all costs are those of the batch. */
  public static Summary of(Module model, Tensor batch) {
    Run run = new Run();
    Module.watched(run, () -> Tape.listen(run, () -> model.predict(batch)));
    model.namedModules().forEach(run::unseen);
    List<Row> rows = run.open.stream().map(Open::row).toList();
    return new Summary(model, rows, batch.rank() == 0 ? -1 : batch.size(0));
  }

  /** The modules in the order in which they ran, then those that did not. */
  public List<Row> rows() {
    return rows;
  }

  /** How many numbers are trained and frozen together, shared ones once. */
  public long parameters() {
    return trained + frozen;
  }

  /** How many numbers an optimizer changes. */
  public long trained() {
    return trained;
  }

  /** How many numbers are frozen. */
  public long frozen() {
    return frozen;
  }

  /** How many numbers are kept beside the parameters, such as running statistics. */
  public long buffers() {
    return buffers;
  }

  /** The arithmetic operations of a forward pass. */
  public long flops() {
    return rows.stream().mapToLong(Row::flops).sum();
  }

  /** The memory of the parameters. */
  public long parameterBytes() {
    return parameterBytes;
  }

  /** The memory of all results of a forward pass. */
  public long activationBytes() {
    return rows.stream().mapToLong(Row::bytes).sum();
  }

  private static long bytes(Tensor t) {
    return (long) t.size() * (t.dtype() == DType.F64 ? Double.BYTES : Float.BYTES);
  }

  /** A module that runs. */
  private static final class Open {
    final String name;
    final Module module;
    final int depth;
    final long parameters;
    final boolean again;
    @Nullable Shape output;
    long flops;
    long bytes;

    Open(String name, Module module, int depth, long parameters, boolean again) {
      this.name = name;
      this.module = module;
      this.depth = depth;
      this.parameters = parameters;
      this.again = again;
    }

    Row row() {
      return new Row(name, module.type(), depth, output, parameters, again, flops, bytes);
    }
  }

  /** A forward pass, watched. */
  private static final class Run implements Module.Watcher, OpListener {
    final List<Open> open = new ArrayList<>();
    private final Deque<Open> running = new ArrayDeque<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    @Override
    public <T> T watch(Module module, Supplier<T> body) {
      Open outer = running.peek();
      if (outer != null && same(outer.module, module)) {
        return body.get();
      }
      Open now = start(name(outer, module), module, running.size());
      running.push(now);
      try {
        T result = body.get();
        now.output = result instanceof Tensor y ? y.shape() : null;
        return result;
      } finally {
        running.pop();
      }
    }

    private static String name(@Nullable Open outer, Module module) {
      Map<String, Module> children = outer == null ? Map.of() : outer.module.children();
      for (Map.Entry<String, Module> child : children.entrySet()) {
        if (same(child.getValue(), module)) {
          return child.getKey();
        }
      }
      return module.path();
    }

    @SuppressWarnings("ReferenceEquality") // the very module, not one that is equal
    private static boolean same(Module a, Module b) {
      return a == b;
    }

    private Open start(String name, Module module, int depth) {
      boolean again = !seen.add(module);
      long own = 0;
      for (Map.Entry<String, Parameter> p : module.namedParameters().entrySet()) {
        if (p.getKey().indexOf('.') < 0 && seen.add(p.getValue())) {
          own += p.getValue().size();
        }
      }
      Open now = new Open(name, module, depth, own, again);
      open.add(now);
      return now;
    }

    /** A module that did not run, in its place by depth at the end. */
    void unseen(String path, Module module) {
      if (!seen.contains(module)) {
        start(path, module, (int) path.chars().filter(c -> c == '.').count() + 1);
      }
    }

    @Override
    public void forward(Op op, Tensor[] in, Tensor out) {
      Open now = running.peek();
      if (now != null) {
        now.bytes += op instanceof LinearOp.Reshape ? 0 : bytes(out);
        now.flops += Flops.of(op, in, out);
      }
    }
  }

  // ---------------------------------------------------------------- text

  /** A table of at most 100 columns, one module a line, and the totals. */
  @Override
  public String toString() {
    return SummaryText.of(this, batch);
  }
}
