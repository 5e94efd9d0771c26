package chainrule.optim;

import chainrule.tensor.Buffer;
import chainrule.tensor.Parameter;
import chainrule.tensor.StateDict;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An average of weights over a training, kept beside the weights.
 *
 * <p>The first {@link #update} copies the weights. The n-th makes of average a and weight p
 *
 * <ol>
 *   <li>exponential: {@code a ← decay · a + (1 − decay) · p}
 *   <li>equal (stochastic weight averaging): {@code a ← a + (p − a) / n}
 * </ol>
 *
 * <p>{@link #swap} puts the average in the place of the weights, and back. Batch-norm statistics
 * belong to the weights they were measured with: give the buffers to an exponential average, or
 * measure them again with {@code BatchNormStatistics.recompute}. Sources: Polyak and Juditsky,
 * <i>Acceleration of stochastic approximation by averaging</i>, 1992; Izmailov and others,
 * <i>Averaging weights leads to wider optima and better generalization</i>, 2018.
 *
 * {@snippet :
 * var ema = WeightAverage.exponential(model.parameters(), model.namedBuffers().values(), 0.999);
 * adam.step();
 * ema.update();
 * ema.swap();
 * }
 */
public final class WeightAverage {
  private final List<Parameter> parameters;
  private final List<Buffer> buffers;
  private final List<Tensor> averages = new ArrayList<>();
  private final double decay;
  private long count;
  private boolean swapped;

  private WeightAverage(
      Collection<Parameter> parameters, Collection<Buffer> buffers, double decay) {
    this.parameters = List.copyOf(parameters);
    this.buffers = List.copyOf(buffers);
    this.decay = decay;
    averages.addAll(values());
  }

  /**
   * An exponential moving average.
   *
   * @param buffers averaged as well; may be empty
   * @param decay the share of the old average that stays, in [0, 1)
   */
  public static WeightAverage exponential(
      Collection<Parameter> parameters, Collection<Buffer> buffers, double decay) {
    Checks.belowOne("decay", decay);
    return new WeightAverage(parameters, buffers, decay);
  }

  /** An average in which all updates weigh the same. */
  public static WeightAverage equal(Collection<Parameter> parameters) {
    return new WeightAverage(parameters, List.of(), Double.NaN);
  }

  private List<Tensor> values() {
    List<Tensor> values = new ArrayList<>();
    parameters.forEach(p -> values.add(p.value()));
    buffers.forEach(b -> values.add(b.value()));
    return values;
  }

  /**
   * Takes the present weights into the average.
   *
   * @throws IllegalStateException while the average is in their place
   */
  public void update() {
    if (swapped) {
      throw new IllegalStateException(
          "update: the average is in the place of the weights; swap() them back first");
    }
    count++;
    List<Tensor> now = values();
    for (int i = 0; i < now.size(); i++) {
      Tensor a = averages.get(i);
      Tensor p = now.get(i);
      averages.set(i, Tape.noGrad(() -> next(a, p)));
    }
  }

  private Tensor next(Tensor a, Tensor p) {
    if (count == 1) {
      return p;
    }
    return Double.isNaN(decay)
        ? a.add(p.sub(a).div(count))
        : a.mul(decay).add(p.mul(1 - decay)).flushSubnormals();
  }

  /** How many weights have been taken in. */
  public long count() {
    return count;
  }

  /** Exchanges the weights and their average; twice is as before. */
  public void swap() {
    List<Tensor> now = values();
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).set(averages.get(i));
    }
    for (int i = 0; i < buffers.size(); i++) {
      buffers.get(i).set(averages.get(parameters.size() + i));
    }
    averages.clear();
    averages.addAll(now);
    swapped = !swapped;
  }

  /** The count, and the average of the i-th weight ({@code i}). */
  public Map<String, Tensor> stateDict() {
    Map<String, Tensor> dict = new LinkedHashMap<>();
    dict.put("count", Tensor.scalar((double) count));
    List<Tensor> all = swapped ? values() : averages;
    for (int i = 0; i < all.size(); i++) {
      dict.put(Integer.toString(i), all.get(i));
    }
    return Collections.unmodifiableMap(dict);
  }

  /**
   * Continues from the {@link #stateDict} of an equal average.
   *
   * @throws IllegalArgumentException if an entry is missing, unexpected, or of another shape or
   *     dtype; the message names them all
   * @throws IllegalStateException while the average is in the place of the weights
   */
  public void loadStateDict(Map<String, Tensor> dict) {
    if (swapped) {
      throw new IllegalStateException(
          "loadStateDict: the average is in the place of the weights; swap() them back first");
    }
    StateDict.check("loadStateDict of the average", "average", stateDict(), dict);
    count = (long) States.entry(dict, "count").item();
    for (int i = 0; i < averages.size(); i++) {
      averages.set(i, States.entry(dict, Integer.toString(i)).detach());
    }
  }
}
