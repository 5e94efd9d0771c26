package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import chainrule.tensor.Update;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An optimizer that is an {@link UpdateRule}, run in one pass over each parameter and its state.
 */
public non-sealed class ElementwiseOptimizer extends Optimizer {
  /** A group, the state of its parameters, and its rule as recorded. */
  private static final class Running {
    final ParamGroup group;
    final List<States.State> states;
    private @Nullable Update update;

    /** The options that were recorded. */
    private @Nullable UpdateRule recorded;

    /** The options and the step that the numbers are of. */
    private @Nullable UpdateRule counted;

    private long step;
    private double[] scalars = {};

    Running(ParamGroup group, List<States.State> states) {
      this.group = group;
      this.states = states;
    }

    UpdateRule rule() {
      return (UpdateRule) group.options();
    }

    @SuppressWarnings("ReferenceEquality") // options are exchanged, never changed
    Update update() {
      UpdateRule now = rule();
      Update known = update;
      if (known == null) {
        known = Update.of(now.slots().size(), now.scalars(), this::recorded);
        update = known;
      } else if (now != recorded) {
        known.renew();
      }
      recorded = now;
      return known;
    }

    private <E extends Num<E>> List<E> recorded(E p, E g, List<E> state, List<E> scalars) {
      return rule().update(p, g, state, scalars);
    }

    /** The numbers of a parameter's next step, computed once for all that are at the same step. */
    @SuppressWarnings("ReferenceEquality") // as above
    void next(States.State state, double[] into) {
      long t = state.next();
      UpdateRule now = rule();
      if (t != step || now != counted) {
        step = t;
        counted = now;
        scalars = scalars.length == into.length ? scalars : new double[into.length];
        now.scalars(t, scalars);
      }
      System.arraycopy(scalars, 0, into, 0, scalars.length);
    }
  }

  private final States states = new States();
  private final List<Running> running = new ArrayList<>();

  /**
   * An optimizer of the given parameters, each counted once.
   *
   * @throws IllegalArgumentException if there is no parameter or lr is negative or not finite
   */
  public ElementwiseOptimizer(Collection<Parameter> parameters, UpdateRule rule) {
    super(parameters, rule);
  }

  /** The groups, each with what it needs to run. */
  private List<Running> running() {
    List<ParamGroup> groups = paramGroups();
    while (running.size() < groups.size()) {
      ParamGroup group = groups.get(running.size());
      UpdateRule rule = (UpdateRule) group.options();
      running.add(new Running(group, states.add(group, rule.slots())));
    }
    return running;
  }

  @Override
  public final void step() {
    List<Parameter> missed = new ArrayList<>();
    boolean any = false;
    for (Running group : running()) {
      Update update = group.update();
      for (States.State state : group.states) {
        Parameter p = state.parameter();
        Tensor g = p.grad();
        if (!p.trainable()) {
          continue;
        }
        if (g == null) {
          missed.add(p);
          continue;
        }
        any = true;
        update.apply(p, g, state.slots(), into -> group.next(state, into));
      }
    }
    stepped(missed, any);
  }

  @Override
  public final Object structure() {
    return running().stream().map(r -> r.update().program()).toList();
  }

  @Override
  final void save(Map<String, Tensor> dict) {
    running();
    states.save(dict);
  }

  @Override
  final void load(Map<String, Tensor> dict) {
    running();
    states.load(dict);
  }
}
