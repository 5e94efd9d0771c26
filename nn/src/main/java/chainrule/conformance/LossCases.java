package chainrule.conformance;

import chainrule.nn.Losses;
import chainrule.nn.Sequential;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The losses. */
final class LossCases {
  private LossCases() {}

  static List<Case> all() {
    return List.of(
        loss("mse", "mean", in -> Losses.mse(in.get("x"), in.get("y"))),
        loss("crossEntropy", "mean", in -> Losses.crossEntropy(in.get("x"), in.get("y"))),
        loss("bce", "mean", in -> Losses.bce(in.get("x"), in.get("fixed_y"))),
        loss("bceWithLogits", "mean", in -> Losses.bceWithLogits(in.get("x"), in.get("fixed_y"))),
        loss("hinge", "mean", in -> Losses.hinge(in.get("x"), in.get("fixed_y"))));
  }

  /** The inputs of a loss by name. */
  record Inputs(Map<String, Tensor> tensors) {
    Tensor get(String name) {
      return Objects.requireNonNull(tensors.get(name), name);
    }
  }

  /** A loss under certain options. */
  static FunctionCase loss(String method, String name, Function<Inputs, Tensor> loss) {
    return new FunctionCase(
        Kind.LOSS, method, name, Sequential::new, (_, in) -> List.of(loss.apply(new Inputs(in))));
  }
}
