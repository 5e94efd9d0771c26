package chainrule.examples.reproduce;

import chainrule.autograd.Autograd;
import chainrule.math.Num;
import chainrule.scalar.Value;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Worked examples with their gradients, by the scalar engine and by the tensor engine.
 *
 * <p>Sources: Karpathy, micrograd (2020), its README and test; his lecture <i>The spelled-out intro
 * to neural networks and backpropagation</i> (2022); CS231n, notes on backpropagation.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // the digits are those of the source
final class SmallGraphs {
  static final Experiment EXPERIMENT =
      new Experiment(
          "small-graphs",
          "micrograd's README and test; Karpathy, the spelled-out intro (2022); CS231n's notes",
          "values and gradients of 14 small graphs, and what follows from them, to the last digit",
          "1 s",
          "1 s",
          List.of(),
          SmallGraphs::run);

  private SmallGraphs() {}

  private record Case(
      String name, Engine.Function f, double[] inputs, double value, double[] gradients) {}

  private static double[] at(double... numbers) {
    return numbers;
  }

  private static final List<Case> CASES =
      List.of(
          new Case("one weight", SmallGraphs::oneWeight, at(0.5, 0, 1), 0.25, at(1, 1, 0.5)),
          new Case(
              "micrograd's README",
              SmallGraphs::micrograd,
              at(-4, 2),
              24.70408163265306,
              at(138.8338192419825, 645.5772594752186)),
          new Case("micrograd's sanity check", SmallGraphs::sanity, at(-4), -20, at(46)),
          new Case("(a·b + c)·f", SmallGraphs::product, at(2, -3, 10, -2), -8, at(6, -4, -2, 4)),
          new Case(
              "tanh neuron",
              SmallGraphs::tanhNeuron,
              at(2, 0, -3, 1, 6.881373587019543),
              0.7071067811865476,
              at(-1.5, 0.5, 1, 0, 0.5)),
          new Case(
              "tanh neuron, tanh spelled with exp",
              SmallGraphs::tanhBySteps,
              at(2, 0, -3, 1, 6.881373587019543),
              0.7071067811865476,
              at(-1.5, 0.5, 1, 0, 0.5)),
          new Case("a + a", SmallGraphs::twice, at(3), 6, at(2)),
          new Case("a·b·(a + b)", SmallGraphs::shared, at(-2, 3), -6, at(-3, -8)),
          new Case("b = a + a, c = b + b", SmallGraphs::fourTimes, at(1), 4, at(4)),
          new Case("x³", SmallGraphs::cube, at(3), 27, at(27)),
          new Case("aᵇ", SmallGraphs::power, at(2, 3), 8, at(12, 5.545177444479562)),
          new Case("(x + y)·z", SmallGraphs::circuit, at(-2, 5, -4), -12, at(-4, -4, 3)),
          new Case(
              "sigmoid neuron",
              SmallGraphs::sigmoidNeuron,
              at(2, -3, -3, -1, -2),
              0.7310585786300049,
              at(
                  -0.19661193324148185,
                  -0.3932238664829637,
                  0.19661193324148185,
                  0.3932238664829637,
                  -0.5898357997244456)),
          new Case(
              "2·(x·y + max(z, w))", SmallGraphs::maximum, at(3, -4, 2, -1), -20, at(-8, 6, 2, 0)));

  private static <E extends Num<E>> E oneWeight(List<E> p) {
    E z = p.get(0).mul(p.get(2)).add(p.get(1)); // W·x + b
    return z.sub(0).square();
  }

  private static <E extends Num<E>> E micrograd(List<E> p) {
    E a = p.get(0);
    E b = p.get(1);
    E c = a.add(b);
    E d = a.mul(b).add(b.pow(3));
    c = c.add(c.add(1));
    c = c.add(c.add(1).add(a.neg()));
    d = d.add(d.mul(2).add(b.add(a).relu()));
    d = d.add(d.mul(3).add(b.sub(a).relu()));
    E f = c.sub(d).pow(2);
    return f.div(2).add(f.constant(10).div(f));
  }

  private static <E extends Num<E>> E sanity(List<E> p) {
    E x = p.getFirst();
    E z = x.mul(2).add(2).add(x);
    E q = z.relu().add(z.mul(x));
    E h = z.mul(z).relu();
    return h.add(q).add(q.mul(x));
  }

  private static <E extends Num<E>> E product(List<E> p) {
    return p.get(0).mul(p.get(1)).add(p.get(2)).mul(p.get(3));
  }

  private static <E extends Num<E>> E neuron(List<E> p) {
    return p.get(0).mul(p.get(2)).add(p.get(1).mul(p.get(3))).add(p.get(4));
  }

  private static <E extends Num<E>> E tanhNeuron(List<E> p) {
    return neuron(p).tanh();
  }

  private static <E extends Num<E>> E tanhBySteps(List<E> p) {
    E e = neuron(p).mul(2).exp();
    return e.sub(1).div(e.add(1));
  }

  private static <E extends Num<E>> E twice(List<E> p) {
    return p.getFirst().add(p.getFirst());
  }

  private static <E extends Num<E>> E shared(List<E> p) {
    return p.get(0).mul(p.get(1)).mul(p.get(0).add(p.get(1)));
  }

  private static <E extends Num<E>> E fourTimes(List<E> p) {
    E b = p.getFirst().add(p.getFirst());
    return b.add(b);
  }

  private static <E extends Num<E>> E cube(List<E> p) {
    E x = p.getFirst();
    return x.mul(x).mul(x);
  }

  private static <E extends Num<E>> E power(List<E> p) {
    return p.get(0).pow(p.get(1));
  }

  private static <E extends Num<E>> E circuit(List<E> p) {
    return p.get(0).add(p.get(1)).mul(p.get(2));
  }

  private static <E extends Num<E>> E sigmoidNeuron(List<E> p) {
    return p.get(0).mul(p.get(3)).add(p.get(1).mul(p.get(4))).add(p.get(2)).sigmoid();
  }

  private static <E extends Num<E>> E maximum(List<E> p) {
    return p.get(0).mul(p.get(1)).add(p.get(2).maximum(p.get(3))).mul(2);
  }

  // ---------------------------------------------------------------- what is held

  private static void run(Lab lab) {
    for (Engine engine : Engine.values()) {
      for (Case c : CASES) {
        Engine.Answer answer = engine.ask(c.f, c.inputs);
        String name = c.name + ", " + engine.label();
        lab.exact(name, c.value, answer.value());
        lab.all(name + ", gradient", c.gradients, gradients(c, answer), gradientError(c));
      }
      double slope = engine.ask(SmallGraphs::oneWeight, 0.5, 0, 1).gradients()[0];
      lab.exact("one weight after a step of 0.1, " + engine.label(), 0.4, 0.5 - 0.1 * slope);
      uphill(lab, engine);
      Engine.Answer negative = engine.ask(SmallGraphs::power, -2, 3);
      lab.exact("(−2)³, " + engine.label(), -8, negative.value());
      lab.exact("its slope towards the base", 12, negative.gradients()[0]);
      lab.exact("its slope towards the exponent", Double.NaN, negative.gradients()[1]);
    }
    accumulateScalars(lab);
    accumulateTensors(lab);
  }

  /** The gradient towards the inputs for which one was published. */
  private static double[] gradients(Case c, Engine.Answer answer) {
    return Arrays.copyOf(answer.gradients(), c.gradients.length);
  }

  private static double gradientError(Case c) {
    double largest = Arrays.stream(c.gradients).map(Math::abs).max().orElse(0);
    return Lab.EXACT * Math.max(1e-3, largest);
  }

  /** A step along the gradient raises the product. */
  private static void uphill(Lab lab, Engine engine) {
    double[] inputs = {2, -3, 10, -2};
    double[] gradients = engine.ask(SmallGraphs::product, inputs).gradients();
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] += 0.01 * gradients[i];
    }
    double raised = engine.ask(SmallGraphs::product, inputs).value();
    lab.exact("(a·b + c)·f after 0.01 of the gradient, " + engine.label(), -7.286496, raised);
  }

  /** Gradients add up in leaves and nowhere else: 27, then 54, never 45. */
  private static void accumulateScalars(Lab lab) {
    Value x = Value.of(3);
    Value y = x.mul(x).mul(x);
    y.backward();
    lab.exact("x³ at 3, backward once, scalar engine", 27, x.grad());
    y.backward();
    lab.exact("backward twice", 54, x.grad());
    x.zeroGrad();
    y.backward();
    lab.exact("backward after zeroGrad", 27, x.grad());
  }

  private static void accumulateTensors(Lab lab) {
    Parameter x = Tensor.scalar(3.0).requiresGrad();
    Tensor y = x.mul(x).mul(x);
    lab.exact("x³ at 3, grad once, tensor engine", 27, Autograd.grad(y, x).item());
    lab.exact("grad twice", 27, Autograd.grad(y, x).item());
    y.backward();
    lab.exact("backward once", 27, gradient(x));
    y.backward();
    lab.exact("backward twice", 54, gradient(x));
    x.zeroGrad();
    y.backward();
    lab.exact("backward after zeroGrad", 27, gradient(x));
  }

  private static double gradient(Parameter p) {
    return Objects.requireNonNull(p.grad()).item();
  }
}
