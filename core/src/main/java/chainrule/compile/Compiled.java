package chainrule.compile;

import chainrule.tensor.Capture;
import chainrule.tensor.Parameter;
import chainrule.tensor.Sweep;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A function of tensors that is captured once for every combination of shapes and replayed as a
 * plan: no graph, no dispatch, no new memory; the bits of the eager function.
 *
 * {@snippet :
 * var distance = Compiled.of(x -> List.of(x.get(0).sub(x.get(1)).square().sum().sqrt()));
 * Tensor d = distance.run(a, b).getFirst();
 * }
 *
 * <p>The function may run backward passes and update parameters and buffers ({@link
 * chainrule.tensor.Update}); they belong to the plan. {@link #step} is the usual case.
 *
 * <p>A plan is chosen by the inputs' shapes and types and by a key that the caller may add for
 * whatever else decides what the function does, such as training or evaluation. It is an error for
 * the function to look at numbers; the message names the line.
 *
 * <p>Safe for use by several threads; runs of one plan follow each other.
 */
public final class Compiled {
  /** Plans that are kept; with more combinations of shapes than this the eldest is dropped. */
  private static final int KEPT = 16;

  private final Function<List<Tensor>, List<Tensor>> f;
  private final Supplier<?> key;
  private final List<Entry> entries = new ArrayList<>();

  /** A plan and when it is right. */
  private record Entry(@Nullable Object key, Plan plan) {}

  private Compiled(Function<List<Tensor>, List<Tensor>> f, Supplier<?> key) {
    this.f = f;
    this.key = key;
  }

  /** The function {@code f}, compiled when it is first run. */
  public static Compiled of(Function<List<Tensor>, List<Tensor>> f) {
    return new Compiled(f, () -> "");
  }

  /**
   * The function {@code f}, captured anew whenever {@code key} gives another value.
   *
   * @param key what decides, beside shapes, what the function does
   */
  public static Compiled of(Function<List<Tensor>, List<Tensor>> f, Supplier<?> key) {
    return new Compiled(f, key);
  }

  /** What happens to a parameter with its gradient; see {@link chainrule.tensor.Update}. */
  @FunctionalInterface
  public interface Change {
    /** Updates the parameter. */
    void apply(Parameter p, Tensor gradient);
  }

  /**
   * A training step: loss, gradients, update. Running it returns the loss before the update.
   *
   * {@snippet :
   * var step = Compiled.step(List.of(w), in -> in.getFirst().mul(w).square().mean(),
   *     (p, g) -> descend.apply(p, g, List.of(), 0.1));
   * double loss = step.number(x);
   * }
   *
   * @param parameters what is trained; one that is frozen, or that the loss does not reach, stays
   * @param loss a single number, from the inputs of the step
   * @param update is asked once for each parameter
   */
  public static Compiled step(
      Collection<Parameter> parameters, Function<List<Tensor>, Tensor> loss, Change update) {
    List<Parameter> all = List.copyOf(parameters);
    return of(
        in -> {
          List<Parameter> trained = all.stream().filter(Parameter::trainable).toList();
          Tensor y = Tape.grad(true, () -> loss.apply(in));
          List<@Nullable Tensor> g = Sweep.gradients(y, null, trained, false);
          for (int i = 0; i < trained.size(); i++) {
            Tensor gradient = g.get(i);
            if (gradient != null) {
              update.apply(trained.get(i), gradient);
            }
          }
          return List.of(y.detach());
        },
        () -> all.stream().map(Parameter::trainable).toList());
  }

  /**
   * Runs the function.
   *
   * @return its results, each with numbers of its own
   * @throws chainrule.tensor.CaptureException if it is new and looks at numbers
   */
  public List<Tensor> run(Tensor... in) {
    return plan(in).run(in);
  }

  /** Runs the function and returns its first result, a single number; nothing is allocated. */
  public double number(Tensor... in) {
    return plan(in).number(in);
  }

  /** The plan for inputs like these, made if there is none yet. */
  public Plan plan(Tensor... in) {
    Object now = key.get();
    synchronized (entries) {
      for (int i = 0; i < entries.size(); i++) {
        Entry entry = entries.get(i);
        if (entry.plan.fits(in) && Objects.equals(entry.key, now)) {
          return entry.plan;
        }
      }
      Plan plan = Plan.of(Capture.of(List.of(in), f));
      if (entries.size() == KEPT) {
        entries.remove(0);
      }
      entries.add(new Entry(now, plan));
      return plan;
    }
  }
}
