package chainrule.cli;

import chainrule.autograd.Autograd;
import chainrule.data.Dataset;
import chainrule.math.Real;
import chainrule.nn.Linear;
import chainrule.nn.Loss;
import chainrule.nn.Module;
import chainrule.optim.Adam;
import chainrule.optim.SGD;
import chainrule.optim.UpdateRule;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import chainrule.train.Backprop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One example sent through a network and back, taken apart. */
final class OneExample {
  /**
   * How a unit should move.
   *
   * @param unit its number in its layer
   * @param value what it says
   * @param wish minus the gradient of the loss towards it: up if positive
   */
  record Wish(int unit, double value, double wish) {}

  /**
   * A part of a sum of wishes.
   *
   * @param unit the unit of the layer after it, whose wish it passes on
   * @param weight the weight between them
   * @param wish that unit's wish
   */
  record Part(int unit, double weight, double wish) {
    double product() {
      return weight * wish;
    }
  }

  /**
   * A weight of a linear layer.
   *
   * @param layer the layer's path
   * @param unit the unit that it leads to
   * @param input the unit that it comes from
   * @param value the weight
   * @param activation what the unit that it comes from says
   * @param gradient the gradient of the loss towards the weight
   */
  record Weight(
      String layer, int unit, int input, double value, double activation, double gradient) {
    /** How far a step of rate 1 on this weight moves the sum of the unit that it leads to. */
    double effect() {
      return -gradient * activation;
    }
  }

  /**
   * One number among all that are trained.
   *
   * @param name where it stands, such as {@code 4.weight[10, 14, 2, 1]}
   * @param value what it is
   * @param gradient the gradient of the loss towards it
   */
  record Slope(String name, double value, double gradient) {}

  /**
   * One parameter's gradient by one example beside the average of many.
   *
   * @param one the norm for the example
   * @param average the norm of the average
   * @param cosine of the angle between them
   */
  record Comparison(String parameter, double one, double average, double cosine) {}

  private final Module model;
  private final Loss loss;
  private final Tensor x;
  private final Tensor y;
  private final Backprop pass;

  /**
   * Sends an example through a model, in the mode in which it is.
   *
   * @param x 1 × …
   * @param y its target, as the loss takes it
   */
  OneExample(Module model, Loss loss, Tensor x, Tensor y) {
    this.model = model;
    this.loss = loss;
    this.x = x;
    this.y = y;
    this.pass = Backprop.of(model, loss, x, y);
  }

  Backprop pass() {
    return pass;
  }

  /** How every output should move, the strongest wish first. */
  List<Wish> outputWishes() {
    return wishes(pass.output(), pass.outputGradient());
  }

  /** How every unit of a layer's output should move, the strongest wish first. */
  static List<Wish> wishes(Tensor values, Tensor gradient) {
    double[] y = values.toDoubleArray();
    double[] g = gradient.toDoubleArray();
    List<Wish> wishes = new ArrayList<>();
    for (int i = 0; i < y.length; i++) {
      wishes.add(new Wish(i, y[i], 0 - g[i]));
    }
    wishes.sort(Comparator.comparingDouble(w -> -Math.abs(w.wish())));
    return wishes;
  }

  /** Whether it is a linear layer on a single row, whose weights lead from unit to unit. */
  static boolean isLinear(Backprop.Layer layer) {
    Tensor input = layer.input();
    return layer.layer() instanceof Linear && input != null && input.rank() == 2;
  }

  /** What the units after it want of a unit before a linear layer, the strongest part first. */
  static List<Part> parts(Backprop.Layer layer, int unit) {
    Tensor error = layer.error();
    if (!(layer.layer() instanceof Linear linear) || error == null) {
      return List.of();
    }
    double[] w = linear.weight().toDoubleArray();
    double[] g = error.toDoubleArray();
    int inputs = linear.weight().size(1);
    List<Part> parts = new ArrayList<>();
    for (int j = 0; j < g.length; j++) {
      parts.add(new Part(j, w[j * inputs + unit], 0 - g[j]));
    }
    parts.sort(Comparator.comparingDouble(p -> -Math.abs(p.product())));
    return parts;
  }

  /** What a linear layer's inputs are wished to do, in order of the units. */
  static double[] summedBack(Backprop.Layer layer) {
    Tensor input = layer.input();
    int inputs = input == null ? 0 : input.size(-1);
    double[] sums = new double[inputs];
    for (int i = 0; i < inputs; i++) {
      for (Part part : parts(layer, i)) {
        sums[i] += part.product();
      }
    }
    return sums;
  }

  /** The weights of all linear layers on single rows. */
  List<Weight> weights() {
    List<Weight> weights = new ArrayList<>();
    for (Backprop.Layer layer : pass.layers()) {
      Tensor input = layer.input();
      Tensor gradient = pass.gradients().get(join(layer.path(), "weight"));
      if (!isLinear(layer) || input == null || gradient == null) {
        continue;
      }
      double[] g = gradient.toDoubleArray();
      double[] w = ((Linear) layer.layer()).weight().toDoubleArray();
      double[] x = input.toDoubleArray();
      for (int k = 0; k < g.length; k++) {
        int from = k % x.length;
        weights.add(new Weight(layer.path(), k / x.length, from, w[k], x[from], g[k]));
      }
    }
    return weights;
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Of all numbers that are trained those with the largest gradients. */
  List<Slope> byGradient(int most) {
    List<Slope> found = new ArrayList<>();
    Map<String, Parameter> parameters = model.namedParameters();
    pass.gradients()
        .forEach(
            (name, gradient) -> {
              double[] g = gradient.toDoubleArray();
              double[] values =
                  Objects.requireNonNull(parameters.get(name)).value().toDoubleArray();
              for (int i : largest(g, most)) {
                found.add(new Slope(name + index(gradient, i), values[i], g[i]));
              }
            });
    found.sort(Comparator.comparingDouble(s -> -Math.abs(s.gradient())));
    return found.subList(0, Math.min(most, found.size()));
  }

  /** Where the largest magnitudes stand, in order. */
  private static List<Integer> largest(double[] g, int most) {
    List<Integer> top = new ArrayList<>();
    for (int i = 0; i < g.length; i++) {
      int at = top.size();
      while (at > 0 && Math.abs(g[top.get(at - 1)]) < Math.abs(g[i])) {
        at--;
      }
      if (at < most) {
        top.add(at, i);
        if (top.size() > most) {
          top.removeLast();
        }
      }
    }
    return top;
  }

  private static List<Integer> index(Tensor x, int flat) {
    List<Integer> index = new ArrayList<>();
    int rest = flat;
    for (int d = x.rank() - 1; d >= 0; d--) {
      index.addFirst(rest % x.size(d));
      rest /= x.size(d);
    }
    return index;
  }

  /** The weights of linear layers whose step moves their unit most. */
  static List<Weight> byEffect(List<Weight> weights, int most) {
    return weights.stream()
        .sorted(Comparator.comparingDouble(w -> -Math.abs(w.effect())))
        .limit(most)
        .toList();
  }

  /** This example's gradients beside the average over many rows. */
  List<Comparison> beside(Dataset many) {
    Map<String, Tensor> average = Backprop.of(model, loss, many.x(), many.y()).gradients();
    List<Comparison> rows = new ArrayList<>();
    pass.gradients()
        .forEach(
            (name, one) -> {
              double[] a = one.toDoubleArray();
              Tensor mean = average.get(name);
              double[] b = mean == null ? new double[a.length] : mean.toDoubleArray();
              double lengths = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b));
              rows.add(
                  new Comparison(
                      name, Math.sqrt(dot(a, a)), Math.sqrt(dot(b, b)), dot(a, b) / lengths));
            });
    return rows;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** How far a fresh optimizer moves a weight at each of its first steps if g stays as it is. */
  static double[] steps(UpdateRule rule, double weight, double g, int count) {
    double[] moved = new double[count];
    List<Real> state = Collections.nCopies(rule.slots().size(), new Real(0));
    double[] numbers = new double[rule.scalars()];
    double p = weight;
    for (int t = 1; t <= count; t++) {
      rule.scalars(t, numbers);
      List<Real> scalars = new ArrayList<>();
      for (double number : numbers) {
        scalars.add(new Real(number));
      }
      List<Real> next = rule.update(new Real(p), new Real(g), state, scalars);
      moved[t - 1] = next.getFirst().value() - p;
      p = next.getFirst().value();
      state = next.subList(1, next.size());
    }
    return moved;
  }

  /**
   * The second derivative of the loss along its own gradient: {@code gᵀHg / gᵀg}, by
   * differentiating the gradient.
   */
  double curvature() {
    List<Parameter> trained = model.parameters().stream().filter(Parameter::trainable).toList();
    Tensor value = loss.of(model.forward(x), y);
    List<Tensor> g = Autograd.grad(value, trained, Autograd.createGraph().allowUnused(true));
    Tensor along = Tensor.zeros(value.dtype());
    double length = 0;
    for (Tensor part : g) {
      along = along.add(part.mul(part.detach()).sum());
      length += dot(part.toDoubleArray(), part.toDoubleArray());
    }
    List<Tensor> hg = Autograd.grad(along, trained, Autograd.createGraph().allowUnused(true));
    double sum = 0;
    for (int i = 0; i < g.size(); i++) {
      sum += dot(g.get(i).toDoubleArray(), hg.get(i).toDoubleArray());
    }
    return sum / length;
  }

  /** The names of the steps with their rules. */
  static Map<String, UpdateRule> rules(double lr) {
    Map<String, UpdateRule> rules = new LinkedHashMap<>();
    rules.put("SGD", SGD.options().lr(lr > 0 ? lr : 0.1));
    rules.put("momentum", SGD.options().lr(lr > 0 ? lr : 0.1).momentum(0.9));
    rules.put("Adam", lr > 0 ? Adam.options().lr(lr) : Adam.options());
    return rules;
  }
}
