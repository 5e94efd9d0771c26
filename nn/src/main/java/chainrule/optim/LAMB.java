package chainrule.optim;

import chainrule.tensor.Buffer;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * LAMB: Adam's direction, with a length in proportion to that of the parameter. For large batches.
 *
 * <p>At step t = 1, 2, … of a parameter p with gradient g and state m, v, which start at 0:
 *
 * <ol>
 *   <li>{@code g ← −g}, only to maximize
 *   <li>{@code m ← β₁ m + (1 − β₁) g}
 *   <li>{@code v ← β₂ v + (1 − β₂) g²}
 *   <li>{@code r ← m̂ / (√v̂ + eps)} with {@code m̂ = m/(1 − β₁ᵗ)} and {@code v̂ = v/(1 − β₂ᵗ)}
 *   <li>{@code r ← r + weightDecay · p}
 *   <li>{@code q ← ‖p‖ / ‖r‖}, or 1 where one of the norms is 0
 *   <li>{@code p ← p − lr · q · r}
 * </ol>
 *
 * <p>The norms are those of the whole parameter, so this is no update of single elements. Source:
 * You and others, <i>Large batch optimization for deep learning: training BERT in 76 minutes</i>,
 * 2020, algorithm 2, with the identity as φ.
 *
 * {@snippet :
 * var lamb = new LAMB(model.parameters(), LAMB.options().lr(2e-3).weightDecay(0.01));
 * }
 */
public final class LAMB extends Optimizer {
  private static final List<String> SLOTS = List.of("m", "v");

  private final States states = new States();
  private final List<List<States.State>> byGroup = new ArrayList<>();

  /** An optimizer of the given parameters with the default options. */
  public LAMB(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /** An optimizer of the given parameters. */
  public LAMB(Collection<Parameter> parameters, Options options) {
    super(parameters, options);
    byGroup.add(states.add(paramGroups().getFirst(), SLOTS));
  }

  /** lr 0.001, betas 0.9 and 0.999, eps 1e-6, no weight decay. */
  public static Options options() {
    return new Options(1e-3, 0.9, 0.999, 1e-6, 0, false);
  }

  @Override
  void added(ParamGroup group) {
    byGroup.add(states.add(group, SLOTS));
  }

  @Override
  public void step() {
    List<Parameter> missed = new ArrayList<>();
    boolean any = false;
    for (int k = 0; k < byGroup.size(); k++) {
      Options options = (Options) paramGroups().get(k).options();
      for (States.State state : byGroup.get(k)) {
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
        ParamGroup group = paramGroups().get(k);
        Tape.noGrad(() -> step(state, g, options, group));
      }
    }
    stepped(missed, any);
  }

  private static void step(States.State state, Tensor gradient, Options o, ParamGroup group) {
    Tensor p = state.parameter().value();
    Buffer first = state.slots().get(0);
    Buffer second = state.slots().get(1);
    DType dtype = p.dtype();
    Tensor correction1 =
        Tape.number(dtype, () -> 1 - AdamMeans.power(group.momentum(), state.next()));
    Tensor beta1 = Tape.number(dtype, group::momentum);
    Tensor rest1 = Tape.number(dtype, () -> 1 - group.momentum());
    Tensor correction2 = Tape.number(dtype, () -> 1 - AdamMeans.power(o.beta2, state.steps()));
    Tensor lr = Tape.number(dtype, group::lr);
    Tensor g = o.maximize ? gradient.neg() : gradient;
    Tensor m = first.value().mul(beta1).add(g.mul(rest1));
    Tensor v = second.value().mul(o.beta2).add(g.square().mul(1 - o.beta2));
    Tensor r = m.div(correction1).div(v.div(correction2).sqrt().add(o.eps));
    r = o.weightDecay == 0 ? r : r.add(p.mul(o.weightDecay));
    Tensor length = p.norm();
    Tensor step = r.norm();
    Tensor q = length.mul(step).gt(0).select(length.div(step), length.constant(1));
    state.parameter().set(p.sub(r.mul(lr.mul(q))));
    first.set(flushed(m));
    second.set(flushed(v));
  }

  /** With 0 for subnormal numbers, which processors compute many times slower. */
  private static Tensor flushed(Tensor x) {
    return x.dtype() == DType.F32
        ? x.abs().lt(Float.MIN_NORMAL).select(x.constant(0), x)
        : x;
  }

  @Override
  public Object structure() {
    return paramGroups().stream().map(g -> ((Options) g.options()).lr(0).momentum(0)).toList();
  }

  @Override
  void save(Map<String, Tensor> dict) {
    states.save(dict);
  }

  @Override
  void load(Map<String, Tensor> dict) {
    states.load(dict);
  }

  /**
   * The options of {@link LAMB}.
   *
   * @param lr the learning rate, at least 0
   * @param beta1 the decay of the mean of gradients, in [0, 1)
   * @param beta2 the decay of the mean of squared gradients, in [0, 1)
   * @param eps what is added to the root, at least 0
   * @param weightDecay the weight of the parameter itself in the direction, at least 0
   * @param maximize whether to climb instead of to descend
   */
  public record Options(
      double lr, double beta1, double beta2, double eps, double weightDecay, boolean maximize)
      implements ParamGroup.Momentum {
    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      Checks.notNegative("lr", lr);
      Checks.belowOne("beta1", beta1);
      Checks.belowOne("beta2", beta2);
      Checks.notNegative("eps", eps);
      Checks.notNegative("weightDecay", weightDecay);
    }

    @Override
    public Options lr(double lr) {
      return new Options(lr, beta1, beta2, eps, weightDecay, maximize);
    }

    /** The same with other decays of the means. */
    public Options betas(double beta1, double beta2) {
      return new Options(lr, beta1, beta2, eps, weightDecay, maximize);
    }

    /** {@code beta1}, which plays the part of a momentum. */
    @Override
    public double momentum() {
      return beta1;
    }

    @Override
    public Options momentum(double momentum) {
      return new Options(lr, momentum, beta2, eps, weightDecay, maximize);
    }

    /** The same with another eps. */
    public Options eps(double eps) {
      return new Options(lr, beta1, beta2, eps, weightDecay, maximize);
    }

    /** The same with another weight decay. */
    public Options weightDecay(double weightDecay) {
      return new Options(lr, beta1, beta2, eps, weightDecay, maximize);
    }

    /** The same with the gradient turned round, to climb, or not. */
    public Options maximize(boolean maximize) {
      return new Options(lr, beta1, beta2, eps, weightDecay, maximize);
    }
  }
}
