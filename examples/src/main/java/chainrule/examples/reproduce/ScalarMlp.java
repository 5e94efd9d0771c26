package chainrule.examples.reproduce;

import chainrule.scalar.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** micrograd's multi-layer perceptron: ReLU neurons, a linear last layer, one number at a time. */
final class ScalarMlp {
  private final int[] sizes;
  private final List<double[]> neurons = new ArrayList<>(); // a neuron's weights, then its bias
  private List<Value> parameters = List.of();

  /** Weights uniform in [−1, 1), drawn neuron by neuron; biases 0. */
  ScalarMlp(RandomGenerator random, int... sizes) {
    this.sizes = sizes;
    for (int layer = 1; layer < sizes.length; layer++) {
      for (int neuron = 0; neuron < sizes[layer]; neuron++) {
        double[] weights = new double[sizes[layer - 1] + 1];
        for (int i = 0; i < sizes[layer - 1]; i++) {
          weights[i] = random.nextDouble(-1, 1);
        }
        neurons.add(weights);
      }
    }
  }

  int parameterCount() {
    return neurons.stream().mapToInt(w -> w.length).sum();
  }

  /** The weights and biases of one layer: a row per neuron, the bias last. */
  double[][] layer(int layer) {
    int first = 0;
    for (int l = 1; l < layer; l++) {
      first += sizes[l];
    }
    return neurons.subList(first, first + sizes[layer]).toArray(double[][]::new);
  }

  /** Makes the present weights leaves of a new graph, in micrograd's order. */
  List<Value> leaves() {
    parameters = neurons.stream().flatMapToDouble(Arrays::stream).mapToObj(Value::of).toList();
    return parameters;
  }

  Value forward(double... x) {
    List<Value> activations = new ArrayList<>();
    for (double v : x) {
      activations.add(Value.of(v));
    }
    int next = 0;
    for (int layer = 1; layer < sizes.length; layer++) {
      List<Value> out = new ArrayList<>();
      for (int neuron = 0; neuron < sizes[layer]; neuron++) {
        int bias = next + sizes[layer - 1];
        Value sum = parameters.get(bias);
        for (Value v : activations) {
          sum = sum.add(parameters.get(next++).mul(v));
        }
        next++;
        out.add(layer < sizes.length - 1 ? sum.relu() : sum);
      }
      activations = out;
    }
    return activations.getFirst();
  }

  /** One step of gradient descent from the gradients in the leaves. */
  void step(double lr) {
    int next = 0;
    for (double[] weights : neurons) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] -= lr * parameters.get(next++).grad();
      }
    }
  }
}
