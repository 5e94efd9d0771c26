package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Any function as a layer.
 *
 * {@snippet :
 * UnaryOperator<Tensor> swap = x -> x.permute(0, 2, 1);
 * var model = new Sequential(new Lambda("swap", swap), new Linear(28, 64));
 * Models.save(model, path);
 * Module again = Models.load(path, Map.of("swap", swap)).model();
 * }
 *
 * <p>A model file holds the name of the function and not the function: whoever loads it gives the
 * functions that it may name. One without a name cannot be saved.
 */
public final class Lambda extends Module {
  private final String function;
  private final UnaryOperator<Tensor> f;

  /** A function that will not be saved. */
  public Lambda(UnaryOperator<Tensor> f) {
    this("", f);
  }

  /** A function that a model file can name. */
  public Lambda(String name, UnaryOperator<Tensor> f) {
    this.function = name;
    this.f = f;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return f.apply(x);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("function", function);
  }
}
