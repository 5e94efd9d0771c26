package chainrule.benchmarks.peers;

import chainrule.data.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a training has to begin with, so that the time of its steps counts: the first five losses
 * that PyTorch 1.13 computes from the common weights and data.
 */
public final class FirstLosses {
  /**
   * How far a loss may be from what is expected, as a share; an output, as a share of the largest.
   */
  static final double CLOSE = 1e-4;

  private static final String RESOURCE = "first-losses.json";
  private static final Map<Training, double[]> EXPECTED = read();

  /**
   * Engines whose update is defined otherwise: DJL's Adam adds ε outside the bias correction, and
   * Encog's tiny network strays from its second step on. They do the same work, so their time
   * counts if their first loss, before any update, is right.
   */
  private static final Map<Peer, Set<Training>> OTHERWISE =
      Map.of(
          Peer.LIBTORCH, EnumSet.of(Training.MLP64, Training.DEEPBN, Training.GPT),
          Peer.ENCOG, EnumSet.of(Training.TINY));

  private FirstLosses() {}

  private static Map<Training, double[]> read() {
    try (InputStream in = FirstLosses.class.getResourceAsStream(RESOURCE)) {
      String text =
          new String(Objects.requireNonNull(in, RESOURCE).readAllBytes(), StandardCharsets.UTF_8);
      Map<Training, double[]> losses = new EnumMap<>(Training.class);
      Json.parseObject(RESOURCE, text)
          .forEach((name, list) -> losses.put(Training.named(name).orElseThrow(), numbers(list)));
      losses.put(Training.INFER1, outputs());
      return losses;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] numbers(Object list) {
    List<Object> numbers = Json.list(RESOURCE, list);
    return numbers.stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
  }

  /** The first losses of a training; of an inference, what the network gives. */
  public static double[] expected(Training training) {
    return Objects.requireNonNull(EXPECTED.get(training), training::call).clone();
  }

  /** Whether all numbers are those expected. */
  public static boolean agree(Training training, double... found) {
    return found.length == expected(training).length && agree(training, found, found.length);
  }

  /** Whether the time of a peer counts. */
  static boolean admitted(Peer peer, Training training, double... found) {
    return OTHERWISE.getOrDefault(peer, Set.of()).contains(training)
        ? agree(training, found, 1)
        : agree(training, found);
  }

  private static boolean agree(Training training, double[] found, int count) {
    double[] expected = expected(training);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < count; i++) {
      // outputs can be next to 0, losses are not
      double size = training == Training.INFER1 ? largest : Math.abs(expected[i]);
      if (!(Math.abs(expected[i] - found[i]) <= CLOSE * size)) {
        return false;
      }
    }
    return true;
  }

  /** The network of {@link Training#INFER1} by plain loops in F64. */
  private static double[] outputs() {
    int[] widths = Training.INFER1.widths();
    InitialWeights weights = new InitialWeights();
    float[] x = Training.INFER1.inputs(0);
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i];
    }
    for (int layer = 0; layer + 1 < widths.length; layer++) {
      float[] w = weights.next(widths[layer], widths[layer] * widths[layer + 1]);
      float[] b = weights.next(widths[layer], widths[layer + 1]);
      double[] next = new double[widths[layer + 1]];
      for (int o = 0; o < next.length; o++) {
        double sum = b[o];
        for (int i = 0; i < y.length; i++) {
          sum += w[o * y.length + i] * y[i];
        }
        next[o] = layer + 2 < widths.length ? Math.max(0, sum) : sum;
      }
      y = next;
    }
    return y;
  }
}
