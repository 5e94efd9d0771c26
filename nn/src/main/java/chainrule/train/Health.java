package chainrule.train;

import chainrule.math.Real;
import chainrule.nn.Module;
import chainrule.optim.UpdateRule;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import chainrule.train.Alarm.Trouble;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of activations, error signals, gradients and steps, layer by layer, with alarms.
 *
 * {@snippet :
 * Health health = Health.of(model, Backprop.of(model.eval(), loss, x, y), Adam.options());
 * health.alarms().forEach(alarm -> System.out.println(alarm));
 * }
 *
 * <p>The alarms and their limits:
 *
 * <ul>
 *   <li>vanishing, exploding: the error signal's root mean square at a layer with weights is less
 *       than 1/1000, more than 1000 times that of the last such layer;
 *   <li>dead: more than a tenth of a ReLU's units are 0 for every row;
 *   <li>saturated: more than half of the outputs of tanh or σ are within 1.5 % of an end of their
 *       range (|tanh| above 0.97, σ below 0.015 or above 0.985);
 *   <li>update: the first step of the optimizer at this gradient, divided by the weights, both as
 *       Euclidean norms, is below 1e-5 or above 0.1 (a thousandth is usual: Karpathy, CS231n).
 * </ul>
 *
 * @param layers a line for each layer, in the order of the forward pass
 * @param alarms what is wrong; empty if nothing is
 */
public record Health(List<Layer> layers, List<Alarm> alarms) {
  private static final double FAR = 1000;
  private static final double DEAD = 0.1;
  private static final double SATURATED = 0.5;
  private static final double END = 0.97;
  private static final double SMALL_STEP = 1e-5;
  private static final double LARGE_STEP = 0.1;

  /**
   * A layer's figures; NaN where there is none.
   *
   * @param path the layer's path
   * @param type its kind
   * @param mean the mean of its outputs
   * @param std their standard deviation
   * @param zero the share of outputs that are 0
   * @param dead the share of units that are 0 for every row, of a ReLU
   * @param saturated the share of outputs at an end of the range, of tanh and σ
   * @param error the root mean square of the error signal at its outputs
   * @param weight the root mean square of its weights
   * @param gradient the root mean square of their gradients
   * @param update the first step's norm divided by the weights' norm
   */
  public record Layer(
      String path,
      String type,
      double mean,
      double std,
      double zero,
      double dead,
      double saturated,
      double error,
      double weight,
      double gradient,
      double update) {}

  /** Copies the lists. */
  public Health {
    layers = List.copyOf(layers);
    alarms = List.copyOf(alarms);
  }

  /**
   * The health of a model at the rows of a pass.
   *
   * @param rule the optimizer's options; null for no word on steps
   */
  public static Health of(Module model, Backprop pass, @Nullable UpdateRule rule) {
    List<Layer> layers = new ArrayList<>();
    Map<String, Parameter> parameters = model.namedParameters();
    for (Backprop.Layer run : pass.layers()) {
      layers.add(layer(run, weight(run.path(), parameters), pass, rule));
    }
    List<Alarm> alarms = new ArrayList<>();
    errors(layers, alarms);
    for (Layer layer : layers) {
      units(layer, alarms);
      step(layer, alarms);
    }
    return new Health(layers, alarms);
  }

  /** The name of a layer's largest parameter; empty if it has none. */
  private static String weight(String path, Map<String, Parameter> parameters) {
    String prefix = path.isEmpty() ? "" : path + ".";
    return parameters.entrySet().stream()
        .filter(e -> e.getKey().startsWith(prefix) && e.getKey().lastIndexOf('.') < prefix.length())
        .max((a, b) -> Integer.compare(a.getValue().size(), b.getValue().size()))
        .map(Map.Entry::getKey)
        .orElse("");
  }

  private static Layer layer(
      Backprop.Layer run, String weight, Backprop pass, @Nullable UpdateRule rule) {
    double[] y = run.output().toDoubleArray();
    double mean = mean(y);
    double square = 0;
    int zeros = 0;
    for (double v : y) {
      square += (v - mean) * (v - mean);
      zeros += v == 0 ? 1 : 0;
    }
    Tensor error = run.error();
    Tensor g = pass.gradients().get(weight);
    Parameter w =
        g == null ? null : pick(run.layer(), weight.substring(weight.lastIndexOf('.') + 1));
    String type = run.layer().type();
    return new Layer(
        run.path(),
        type,
        mean,
        Math.sqrt(square / y.length),
        (double) zeros / y.length,
        type.startsWith("ReLU") ? dead(run.output()) : Double.NaN,
        saturated(type, y),
        error == null ? Double.NaN : rms(error.toDoubleArray()),
        w == null ? Double.NaN : rms(w.toDoubleArray()),
        g == null ? Double.NaN : rms(g.toDoubleArray()),
        w == null || g == null || rule == null ? Double.NaN : update(w, g, rule));
  }

  private static @Nullable Parameter pick(Module layer, String name) {
    return layer.namedParameters().get(name);
  }

  private static double mean(double[] x) {
    double sum = 0;
    for (double v : x) {
      sum += v;
    }
    return sum / x.length;
  }

  private static double rms(double[] x) {
    double sum = 0;
    for (double v : x) {
      sum += v * v;
    }
    return Math.sqrt(sum / x.length);
  }

  /** The share of units, or channels, that are 0 in every row and place. */
  private static double dead(Tensor output) {
    if (output.rank() < 2) {
      return Double.NaN;
    }
    int units = output.size(1);
    int inner = output.size() / (output.size(0) * units);
    boolean[] alive = new boolean[units];
    double[] y = output.toDoubleArray();
    int living = 0;
    for (int i = 0; i < y.length; i++) {
      int unit = i / inner % units;
      if (y[i] != 0 && !alive[unit]) {
        alive[unit] = true;
        living++;
      }
    }
    return 1 - (double) living / units;
  }

  private static double saturated(String type, double[] y) {
    boolean tanh = type.equals("Tanh");
    if (!tanh && !type.equals("Sigmoid")) {
      return Double.NaN;
    }
    int flat = 0;
    for (double v : y) {
      flat += Math.abs(tanh ? v : 2 * v - 1) > END ? 1 : 0;
    }
    return (double) flat / y.length;
  }

  /** The norm of an optimizer's first step, divided by that of the weights. */
  private static double update(Parameter weight, Tensor gradient, UpdateRule rule) {
    double[] w = weight.toDoubleArray();
    double[] g = gradient.toDoubleArray();
    double[] numbers = new double[rule.scalars()];
    rule.scalars(1, numbers);
    List<Real> scalars = new ArrayList<>();
    for (double number : numbers) {
      scalars.add(new Real(number));
    }
    List<Real> state = Collections.nCopies(rule.slots().size(), new Real(0));
    double step = 0;
    double size = 0;
    for (int i = 0; i < w.length; i++) {
      double moved =
          rule.update(new Real(w[i]), new Real(g[i]), state, scalars).getFirst().value() - w[i];
      step += moved * moved;
      size += w[i] * w[i];
    }
    return size == 0 ? Double.NaN : Math.sqrt(step / size);
  }

  private static void errors(List<Layer> layers, List<Alarm> alarms) {
    List<Layer> learning = layers.stream().filter(l -> l.gradient > 0 && l.error > 0).toList();
    if (learning.size() < 2) {
      return;
    }
    double last = learning.getLast().error;
    for (Layer layer : learning) {
      double ratio = layer.error / last;
      if (ratio < 1 / FAR) {
        alarms.add(
            new Alarm(
                Trouble.VANISHING,
                layer.path,
                "its error signal is %s of the last layer's: it hardly learns."
                    .formatted(scientific(ratio)),
                "ReLU instead of tanh or σ, batch norm or layer norm, residual connections, He's or"
                    + " Glorot's initialisation, fewer layers."));
      } else if (ratio > FAR) {
        alarms.add(
            new Alarm(
                Trouble.EXPLODING,
                layer.path,
                "its error signal is %s times the last layer's: a step may throw it far off."
                    .formatted(scientific(ratio)),
                "smaller initial weights, a norm layer, clipping the gradient, a smaller lr."));
      }
    }
  }

  private static void units(Layer layer, List<Alarm> alarms) {
    if (layer.dead > DEAD) {
      alarms.add(
          new Alarm(
              Trouble.DEAD,
              layer.path,
              "%s of its units are 0 for every row: no gradient passes through them."
                  .formatted(percent(layer.dead)),
              "a smaller lr, He's initialisation, leaky ReLU or GELU, fewer units."));
    }
    if (layer.saturated > SATURATED) {
      alarms.add(
          new Alarm(
              Trouble.SATURATED,
              layer.path,
              "%s of its outputs are at the flat ends of %s, where the slope is nearly 0."
                  .formatted(percent(layer.saturated), layer.type),
              "standardised inputs, smaller initial weights, weight decay, a norm layer before it,"
                  + " or ReLU."));
    }
  }

  private static void step(Layer layer, List<Alarm> alarms) {
    if (layer.update > LARGE_STEP) {
      alarms.add(
          new Alarm(
              Trouble.UPDATE_LARGE,
              layer.path,
              "a step at the full lr changes its weights by %s of their size."
                  .formatted(percent(layer.update)),
              "a smaller lr, a warm-up, or a schedule that lowers it."));
    } else if (layer.update < SMALL_STEP) {
      alarms.add(
          new Alarm(
              Trouble.UPDATE_SMALL,
              layer.path,
              "a step changes its weights by only %s of their size."
                  .formatted(scientific(layer.update)),
              "a larger lr, or Adam; nothing if the loss is as low as it should be."));
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  private static String scientific(double x) {
    return String.format(Locale.ROOT, "%.1e", x);
  }
}
