package chainrule.nn;

import chainrule.math.Philox;
import chainrule.tensor.Buffer;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Shape;
import chainrule.tensor.StateDict;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A part of a network: a function of a tensor with parameters, buffers and child modules, all
 * registered by name.
 *
 * {@snippet :
 * final class Net extends Module {
 *   private final Linear fc1 = child("fc1", new Linear(784, 128));
 *   private final Linear fc2 = child("fc2", new Linear(128, 10));
 *
 *   @Override
 *   protected Tensor compute(Tensor x) {
 *     return fc2.forward(fc1.forward(x).relu());
 *   }
 * }
 * }
 *
 * <p>Paths join names with dots: the net above has {@code fc1.weight}, {@code fc1.bias}, {@code
 * fc2.weight} and {@code fc2.bias}. A module or parameter that is registered in two places is one
 * object with one path, the first; it is counted, saved and updated once.
 *
 * <p>A layer has its weights as soon as it is constructed, drawn from seed 0 and each parameter's
 * path. Registering an untouched layer (never initialised with {@link #init}, no parameter ever
 * set) in a parent draws them again from the longer path, so two equal layers of one parent differ.
 */
public abstract class Module {
  private static final ScopedValue<DType> DTYPE = ScopedValue.newInstance();
  private static final ScopedValue<Boolean> PREDICTING = ScopedValue.newInstance();
  private static final ScopedValue<Watcher> WATCHER = ScopedValue.newInstance();
  private static final int PREDICT_ROWS = 1024;

  /** A registered parameter; {@code init} is null for one that another module owns. */
  private static final class Slot {
    final Parameter parameter;
    final @Nullable Init init;
    int drawnVersion;

    Slot(Parameter parameter, @Nullable Init init) {
      this.parameter = parameter;
      this.init = init;
      this.drawnVersion = parameter.version();
    }
  }

  private record State(Buffer buffer, Tensor initial) {}

  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final Map<String, State> states = new LinkedHashMap<>();
  private final Map<String, Module> children = new LinkedHashMap<>();

  /** The children that got their path here, rather than where they were registered before. */
  private final Set<String> owned = new HashSet<>();

  private boolean adopted;
  private String name = "";
  private String path = "";
  private long seed;
  private boolean initialised;
  private boolean training = true;

  /** A module without content, in training mode. */
  protected Module() {}

  /**
   * Builds modules whose parameters and buffers have the given dtype.
   *
   * {@snippet :
   * var model = Module.in(DType.F64, () -> new Sequential(new Linear(2, 16), new Tanh()));
   * }
   */
  public static <M extends Module> M in(DType dtype, Supplier<M> build) {
    return ScopedValue.where(DTYPE, dtype).call(build::get);
  }

  /** The dtype in which modules are built here: F32, or what an enclosing {@link #in} says. */
  protected static DType dtype() {
    return DTYPE.orElse(DType.F32);
  }

  // ---------------------------------------------------------------- registration

  /**
   * Registers a new parameter and draws its value.
   *
   * @throws IllegalArgumentException if the name is taken, empty or contains a dot
   */
  protected final Parameter param(String name, Init init, int... shape) {
    checkName(name);
    String full = join(path, name);
    Parameter parameter = Parameter.of(full, draw(init, seed, full, dtype(), shape));
    slots.put(name, new Slot(parameter, init));
    return parameter;
  }

  /**
   * Registers a parameter that another module owns (tied weights): one object, counted once.
   *
   * @throws IllegalArgumentException if the name is taken, empty or contains a dot
   */
  protected final Parameter param(String name, Parameter shared) {
    checkName(name);
    slots.put(name, new Slot(shared, null));
    return shared;
  }

  /**
   * Registers a buffer: state that is saved but not trained.
   *
   * @throws IllegalArgumentException if the name is taken, empty or contains a dot
   */
  protected final Buffer buffer(String name, Tensor initial) {
    checkName(name);
    Buffer buffer = new Buffer(name, initial);
    states.put(name, new State(buffer, initial));
    return buffer;
  }

  /**
   * Registers a child and returns it.
   *
   * @throws IllegalArgumentException if the name is taken, empty or contains a dot, or if the child
   *     contains this module
   */
  protected final <M extends Module> M child(String name, M module) {
    checkName(name);
    Module m = module;
    if (m.modules().contains(this)) {
      throw new IllegalArgumentException(
          "%s: the child '%s' contains its own parent".formatted(label(), name));
    }
    children.put(name, m);
    if (!m.adopted) {
      boolean pristine = m.pristine();
      m.adopted = true;
      owned.add(name);
      m.name = name;
      m.relocate(join(path, name));
      if (pristine) {
        m.redraw(seed);
      }
    }
    return module;
  }

  private void checkName(String candidate) {
    if (candidate.isEmpty() || candidate.indexOf('.') >= 0) {
      throw new IllegalArgumentException(
          "%s: the name '%s' is empty or contains a dot".formatted(label(), candidate));
    }
    if (slots.containsKey(candidate)
        || states.containsKey(candidate)
        || children.containsKey(candidate)) {
      throw new IllegalArgumentException(
          "%s: the name '%s' is registered twice".formatted(label(), candidate));
    }
  }

  private void relocate(String newPath) {
    path = newPath;
    slots.forEach(
        (key, slot) -> {
          if (slot.init != null) {
            slot.parameter.name(join(path, key));
          }
        });
    children.forEach(
        (key, m) -> {
          if (owned.contains(key)) {
            m.relocate(join(path, key));
          }
        });
  }

  private boolean pristine() {
    for (Module m : modules()) {
      if (m.initialised) {
        return false;
      }
      for (Slot slot : m.slots.values()) {
        if (slot.init != null && slot.parameter.version() != slot.drawnVersion) {
          return false;
        }
      }
    }
    return true;
  }

  private void redraw(long newSeed) {
    for (Module m : modules()) {
      m.seed = newSeed;
      m.slots.forEach(
          (key, slot) -> {
            if (slot.init != null) {
              Parameter p = slot.parameter;
              p.set(draw(slot.init, newSeed, join(m.path, key), p.dtype(), p.shape().toArray()));
              slot.drawnVersion = p.version();
            }
          });
      m.states.values().forEach(s -> s.buffer.set(s.initial));
      m.reset();
    }
  }

  private static Tensor draw(Init init, long seed, String path, DType dtype, int... shape) {
    Tensor drawn = init.draw(dtype, new Philox(seed, "init/" + path), shape);
    if (!Arrays.equals(drawn.shape().toArray(), shape) || drawn.dtype() != dtype) {
      throw new IllegalArgumentException(
          "%s: the initialisation drew %s %s where %s %s was asked for"
              .formatted(path, drawn.dtype(), drawn.shape(), dtype, Shape.of(shape)));
    }
    return drawn;
  }

  private static String join(String prefix, String name) {
    return prefix.isEmpty() ? name : prefix + "." + name;
  }

  // ---------------------------------------------------------------- what it computes

  /** Applies the module; the ops inside belong to the layer of this module's name. */
  public final Tensor forward(Tensor x) {
    if (WATCHER.isBound()) {
      WATCHER.get().given(this, x);
    }
    return scoped(() -> compute(x));
  }

  /**
   * Runs what a module does with its inputs, so that the ops inside belong to the layer of this
   * module's name: the one door for a public method that takes or gives more than one tensor.
   *
   * {@snippet :
   * final class Scores extends Module {
   *   Tensor forward(Tensor query, Tensor key) {
   *     return scoped(() -> query.matmul(key, false, true));
   *   }
   *
   *   @Override
   *   protected Tensor compute(Tensor x) {
   *     return forward(x, x);
   *   }
   * }
   * }
   */
  protected final <T> T scoped(Supplier<T> body) {
    Supplier<T> run = WATCHER.isBound() ? () -> WATCHER.get().watch(this, body) : body;
    return name.isEmpty() ? run.get() : Tape.layer(name, run);
  }

  /** Runs what modules do, and sees which module does it and what comes of it. */
  interface Watcher {
    /** What a module of one input is about to run on. */
    default void given(Module module, Tensor x) {}

    <T> T watch(Module module, Supplier<T> body);
  }

  /** Runs {@code body} with a watcher over the modules in it. */
  static <T> T watched(Watcher watcher, Supplier<T> body) {
    return ScopedValue.where(WATCHER, watcher).call(body::get);
  }

  /** What the module does with its input. Call children through {@link #forward}. */
  protected abstract Tensor compute(Tensor x);

  /**
   * Applies the module as it is used after training: in evaluation mode, without a graph, at most
   * 1,024 rows at a time. The modes that {@link #train} and {@link #eval} set stay as they are, so
   * several threads can predict with one model.
   *
   * @param x n × …, one sample a row
   */
  public final Tensor predict(Tensor x) {
    return ScopedValue.where(PREDICTING, true).call(() -> Tape.noGrad(() -> inBatches(x)));
  }

  private Tensor inBatches(Tensor x) {
    int rows = x.size(0);
    if (rows <= PREDICT_ROWS) {
      return forward(x);
    }
    List<Tensor> parts = new ArrayList<>();
    for (int start = 0; start < rows; start += PREDICT_ROWS) {
      parts.add(forward(x.slice(0, start, Math.min(rows, start + PREDICT_ROWS))));
    }
    return Tensor.cat(0, parts);
  }

  // ---------------------------------------------------------------- initialisation

  /**
   * Draws every parameter of the tree again, restores every buffer and stores the seed for dropout.
   * A parameter's numbers come from {@code Philox(seed, "init/" + path)}.
   *
   * @return this module
   */
  public final Module init(long seed) {
    redraw(seed);
    modules().forEach(m -> m.initialised = true);
    return this;
  }

  /** The seed of the last initialisation, 0 at first. */
  public final long seed() {
    return seed;
  }

  /** Puts what a module counts back to its start; called when it is initialised. */
  protected void reset() {}

  // ---------------------------------------------------------------- contents

  /** The parameters of the tree, each once, in the order of registration. */
  public final List<Parameter> parameters() {
    return List.copyOf(namedParameters().values());
  }

  /** The parameters of the tree by path from this module, each once. */
  public final Map<String, Parameter> namedParameters() {
    Map<String, Parameter> found = new LinkedHashMap<>();
    Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    namedModules()
        .forEach(
            (prefix, m) ->
                m.slots.forEach(
                    (key, slot) -> {
                      if (seen.add(slot.parameter)) {
                        found.put(join(prefix, key), slot.parameter);
                      }
                    }));
    return Collections.unmodifiableMap(found);
  }

  /** The buffers of the tree by path from this module. */
  public final Map<String, Buffer> namedBuffers() {
    Map<String, Buffer> found = new LinkedHashMap<>();
    namedModules()
        .forEach(
            (prefix, m) ->
                m.states.forEach((key, state) -> found.put(join(prefix, key), state.buffer)));
    return Collections.unmodifiableMap(found);
  }

  /** The direct children by name. */
  public final Map<String, Module> children() {
    return Collections.unmodifiableMap(children);
  }

  /** This module ({@code ""}) and all below it by path, each once, parents first. */
  public final Map<String, Module> namedModules() {
    Map<String, Module> found = new LinkedHashMap<>();
    collect("", found, Collections.newSetFromMap(new IdentityHashMap<>()));
    return Collections.unmodifiableMap(found);
  }

  private void collect(String prefix, Map<String, Module> found, Set<Module> seen) {
    if (seen.add(this)) {
      found.put(prefix, this);
      children.forEach((key, m) -> m.collect(join(prefix, key), found, seen));
    }
  }

  private List<Module> modules() {
    return List.copyOf(namedModules().values());
  }

  /** The number of trained numbers in the tree. */
  public final long parameterCount() {
    return parameters().stream().mapToLong(Tensor::size).sum();
  }

  /** The dotted path from the outermost parent, empty for a root. */
  public final String path() {
    return path;
  }

  // ---------------------------------------------------------------- modes

  /**
   * Sets training mode on the tree.
   *
   * @return this module
   */
  public final Module train() {
    modules().forEach(m -> m.training = true);
    return this;
  }

  /**
   * Sets evaluation mode on the tree: dropout passes everything, batch norm uses its running
   * statistics.
   *
   * @return this module
   */
  public final Module eval() {
    modules().forEach(m -> m.training = false);
    return this;
  }

  /** Whether this module is in training mode; inside {@link #predict} it is not. */
  public final boolean training() {
    return training && !PREDICTING.isBound();
  }

  /**
   * Takes the tree's parameters out of training.
   *
   * @return this module
   */
  public final Module freeze() {
    parameters().forEach(p -> p.trainable(false));
    return this;
  }

  /**
   * Gives the tree's parameters back to training.
   *
   * @return this module
   */
  public final Module unfreeze() {
    parameters().forEach(p -> p.trainable(true));
    return this;
  }

  // ---------------------------------------------------------------- state

  /** Snapshots of all parameters, then all buffers, by path. */
  public final Map<String, Tensor> stateDict() {
    Map<String, Tensor> dict = new LinkedHashMap<>();
    namedParameters().forEach((key, p) -> dict.put(key, p.value()));
    namedBuffers().forEach((key, b) -> dict.put(key, b.value()));
    return Collections.unmodifiableMap(dict);
  }

  /**
   * Sets all parameters and buffers, or, if anything does not fit, none.
   *
   * @throws IllegalArgumentException if an entry is missing, unexpected, or of another shape or
   *     dtype; the message names them all
   */
  public final void loadStateDict(Map<String, Tensor> dict) {
    StateDict.check("loadStateDict", "model", stateDict(), dict);
    namedParameters().forEach((key, p) -> p.set(entry(dict, key)));
    namedBuffers().forEach((key, b) -> b.set(entry(dict, key)));
  }

  private static Tensor entry(Map<String, Tensor> dict, String key) {
    return Objects.requireNonNull(dict.get(key), key);
  }

  // ---------------------------------------------------------------- description

  /** The name by which a model file knows this kind of module: the class's simple name. */
  public String type() {
    return getClass().getSimpleName();
  }

  /**
   * The constructor's arguments by name, in order, as plain values (numbers, booleans, strings,
   * lists of these); with {@link #type} and {@link #children} enough to build an equal module.
   */
  public Map<String, Object> config() {
    return Map.of();
  }

  /** The type and path, for messages: {@code Linear fc1}. */
  protected final String label() {
    return path.isEmpty() ? type() : type() + " " + path;
  }

  /** The tree, one module a line, as {@code (name): Type(option=value, …)}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(type()).append('(');
    String options =
        config().entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .reduce((a, b) -> a + ", " + b)
            .orElse("");
    text.append(options);
    if (!children.isEmpty()) {
      children.forEach(
          (key, m) ->
              text.append("\n  (")
                  .append(key)
                  .append("): ")
                  .append(m.toString().indent(2).strip()));
      text.append('\n');
    }
    return text.append(')').toString();
  }
}
