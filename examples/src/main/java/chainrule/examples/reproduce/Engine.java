package chainrule.examples.reproduce;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.math.Num;
import chainrule.scalar.Value;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The two engines, behind one question: what is f at these numbers, and its gradient? */
enum Engine {
  /** {@link Value}, one number a node. */
  SCALAR {
    @Override
    Answer ask(Function f, double... inputs) {
      List<Value> leaves = Arrays.stream(inputs).mapToObj(Value::of).toList();
      Value y = f.of(leaves);
      y.backward();
      return new Answer(y.data(), leaves.stream().mapToDouble(Value::grad).toArray());
    }
  },

  /** {@link Tensor}, of single F64 numbers. */
  TENSOR {
    @Override
    Answer ask(Function f, double... inputs) {
      List<Parameter> leaves =
          Arrays.stream(inputs).mapToObj(v -> Tensor.scalar(v).requiresGrad()).toList();
      Tensor y = f.of(List.<Tensor>copyOf(leaves));
      double[] gradients =
          Autograd.grad(y, leaves, GradOptions.DEFAULT.allowUnused(true)).stream()
              .mapToDouble(Tensor::item)
              .toArray();
      return new Answer(y.item(), gradients);
    }
  };

  /** A function of any kind of number. */
  interface Function {
    <E extends Num<E>> E of(List<E> inputs);
  }

  /** A value and the derivative towards each input. */
  record Answer(double value, double[] gradients) {}

  String label() {
    return name().toLowerCase(Locale.ROOT) + " engine";
  }

  abstract Answer ask(Function f, double... inputs);
}
