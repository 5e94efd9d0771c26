package chainrule.nn;

import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Group normalisation: {@code y = (x − μ)/√(σ² + eps) · weight + bias}, μ and the biased variance
 * σ² over each group of channels of each sample. One group is a layer norm of the whole sample, as
 * many groups as channels an instance norm.
 *
 * <p>Shapes: x is N×C or N×C×…; {@code weight} (1 at first) and {@code bias} (0 at first) are C.
 * Errors: {@link ShapeException} for other channels, or if all groups of the batch together have
 * one value. Source: Wu and He, <i>Group normalization</i>, 2018, eq. 7.
 */
public final class GroupNorm extends Module {
  private final int groups;
  private final int channels;
  private final double eps;
  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;

  /** So many channels in so many groups; eps 1e-5, with weight and bias. */
  public GroupNorm(int groups, int channels) {
    this(groups, channels, 1e-5, true);
  }

  /**
   * So many channels in so many groups.
   *
   * @param affine whether there are a weight and a bias for each channel
   * @throws IllegalArgumentException if the groups do not divide the channels or eps is not above 0
   */
  public GroupNorm(int groups, int channels, double eps, boolean affine) {
    Checks.positive("GroupNorm", "groups", groups);
    Checks.positive("GroupNorm", "channels", channels);
    Checks.positive("GroupNorm", "eps", eps);
    if (channels % groups != 0) {
      throw new IllegalArgumentException(
          "GroupNorm: %d groups do not divide %d channels".formatted(groups, channels));
    }
    this.groups = groups;
    this.channels = channels;
    this.eps = eps;
    this.weight = affine ? param("weight", Inits.constant(1), channels) : null;
    this.bias = affine ? param("bias", Inits.zeros(), channels) : null;
  }

  @Override
  protected Tensor compute(Tensor x) {
    if (x.rank() < 2 || x.size(1) != channels) {
      throw new ShapeException("%s: needs N×%d×…, got %s".formatted(label(), channels, x.shape()));
    }
    int n = channels / groups * Checks.span(x.shape(), 2);
    if ((long) n * x.size(0) == 1) {
      throw new ShapeException(
          "%s: a group needs more than one value, got %s in %d groups"
              .formatted(label(), x.shape(), groups));
    }
    Tensor y =
        x.reshape(x.size(0) * groups, n)
            .layerNorm(Tensor.ones(x.dtype(), n), null, eps)
            .reshape(x.shape().toArray());
    return Affine.of(y, weight, bias);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config(
        "groups", groups, "channels", channels, "eps", eps, "affine", weight != null);
  }
}
