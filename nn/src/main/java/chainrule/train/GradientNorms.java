package chainrule.train;

import chainrule.nn.Module;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The mean Euclidean norm of each layer's gradients over the batches of an epoch. */
final class GradientNorms {
  private final List<String> layers = new ArrayList<>();
  private final List<List<Parameter>> parameters = new ArrayList<>();
  private final double[] sums;
  private int batches;

  /** A layer is what owns parameters: the part of a parameter's name before its last dot. */
  GradientNorms(Module model) {
    Map<String, List<Parameter>> byLayer = new LinkedHashMap<>();
    model
        .namedParameters()
        .forEach(
            (name, parameter) -> {
              String layer = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
              byLayer.computeIfAbsent(layer, key -> new ArrayList<>()).add(parameter);
            });
    byLayer.forEach(
        (layer, owned) -> {
          layers.add(layer);
          parameters.add(owned);
        });
    sums = new double[layers.size()];
  }

  void reset() {
    Arrays.fill(sums, 0);
    batches = 0;
  }

  /** For each layer the squares of the gradients that stand in the parameters now, added up. */
  Tensor[] squares() {
    Tensor[] squares = new Tensor[sums.length];
    for (int layer = 0; layer < sums.length; layer++) {
      Tensor sum = Tensor.scalar(0.0);
      for (Parameter parameter : parameters.get(layer)) {
        Tensor gradient = parameter.grad();
        if (gradient != null) {
          sum = sum.add(gradient.detach().square().sum().to(DType.F64));
        }
      }
      squares[layer] = sum;
    }
    return squares;
  }

  /** Adds what {@link #squares} has found in a batch. */
  void add(List<Tensor> squares) {
    batches++;
    for (int layer = 0; layer < sums.length; layer++) {
      sums[layer] += Math.sqrt(squares.get(layer).item());
    }
  }

  Map<String, Double> means() {
    Map<String, Double> means = new LinkedHashMap<>();
    for (int layer = 0; layer < sums.length; layer++) {
      means.put(layers.get(layer), sums[layer] / Math.max(1, batches));
    }
    return means;
  }
}
