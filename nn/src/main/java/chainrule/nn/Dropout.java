package chainrule.nn;

import chainrule.tensor.RandomMask;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Inverted dropout: in training {@code yᵢ = xᵢ mᵢ / (1 − p)} with {@code mᵢ} 0 with probability p
 * and 1 otherwise; in evaluation {@code y = x}.
 *
 * <p>The mask of the k-th call is {@code Philox(seed, "dropout/" + path, 0, k)}: it depends on the
 * seed of {@link Module#init}, the layer's path and the number of calls before it, so a resumed
 * training continues the sequence after {@link #calls(long)}. Recomputing a checkpoint reuses its
 * call. Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, <i>Dropout</i>, 2014.
 */
public final class Dropout extends Module {
  private final double p;
  private final AtomicLong calls = new AtomicLong();

  /**
   * Drops each element with probability p.
   *
   * @throws IllegalArgumentException unless p is in [0, 1]
   */
  public Dropout(double p) {
    Checks.fraction("Dropout", "p", p);
    this.p = p;
  }

  /** The number of masks drawn since the initialisation. */
  public long calls() {
    return calls.get();
  }

  /** Continues as if so many masks had been drawn. */
  public void calls(long count) {
    calls.set(count);
  }

  @Override
  protected void reset() {
    calls.set(0);
  }

  @Override
  protected Tensor compute(Tensor x) {
    if (!training() || p == 0) {
      return x;
    }
    long call = Tape.draw(calls::getAndIncrement);
    var mask = new RandomMask(p, seed(), "dropout/" + Tape.path());
    return x.mul(mask.draw(x.dtype(), x.shape(), call));
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("p", p);
  }
}
