package chainrule.benchmarks.ulp;

import chainrule.benchmarks.Progress;
import chainrule.internal.kernel.KernelChoice;
import chainrule.internal.kernel.Kernels;
import chainrule.internal.kernel.ScalarF32;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Computes a function of every float, by the scalar kernels and by those that run here, and keeps
 * the largest error and the number of results that differ.
 *
 * @param stride 1 for all 2³² bit patterns, n for every n-th
 */
public record Survey(int stride) {
  /** The errors that are allowed: 2 ulp. */
  public static final double BOUND = 2;

  private static final int BLOCK = 1 << 16;

  /**
   * What a survey found.
   *
   * @param function the function
   * @param worst the largest error in ulp
   * @param at the argument where it occurs
   * @param differing how many arguments have a result with other bits in the two kernels; all NaNs
   *     count as one
   * @param differingAt one of them; NaN if there is none
   * @param arguments how many arguments were computed
   */
  public record Found(
      Elementary function,
      double worst,
      float at,
      long differing,
      float differingAt,
      long arguments) {
    private Found merge(Found other) {
      boolean mine = worst >= other.worst;
      return new Found(
          function,
          mine ? worst : other.worst,
          mine ? at : other.at,
          differing + other.differing,
          differing > 0 ? differingAt : other.differingAt,
          arguments + other.arguments);
    }

    /** Whether the error is within the bound and the kernels agree. */
    public boolean good() {
      return worst <= BOUND && differing == 0;
    }

    /** The fields of a line of JSON. */
    public Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("function", function.call());
      json.put("maxUlp", worst);
      json.put("at", at);
      json.put("atBits", "0x%08x".formatted(Float.floatToRawIntBits(at)));
      json.put("arguments", arguments);
      json.put("kernels", KernelChoice.F32.name());
      json.put("differing", differing);
      return json;
    }

    /** The heads of the columns. */
    public static List<String> heads() {
      return List.of(
          "function", "largest error", "at", "arguments", "scalar ≠ " + KernelChoice.F32.name());
    }

    /** The cells of a row. */
    public List<String> cells() {
      List<String> cells = new ArrayList<>();
      cells.add(function.call());
      cells.add(String.format(Locale.ROOT, "%.4f ulp", worst));
      cells.add(at + " (" + Float.toHexString(at) + ")");
      cells.add(String.format(Locale.ROOT, "%,d", arguments));
      cells.add(differing == 0 ? "0" : differing + ", one at " + differingAt);
      return cells;
    }
  }

  /** Surveys the functions on that many threads. */
  public List<Found> run(List<Elementary> functions, int threads, PrintStream err)
      throws InterruptedException {
    int blocks = (int) ((1L << 32) / BLOCK);
    Progress progress = new Progress(err, functions.size() * 64);
    List<Found> found = new ArrayList<>();
    for (Elementary f : functions) {
      AtomicInteger next = new AtomicInteger();
      Found[] parts = new Found[threads];
      Thread[] workers = new Thread[threads];
      for (int t = 0; t < threads; t++) {
        int index = t;
        Runnable work =
            () -> {
              Part part = new Part(f, stride);
              for (int b = next.getAndIncrement(); b < blocks; b = next.getAndIncrement()) {
                part.block((long) b * BLOCK);
                if ((b + 1) % (blocks / 64) == 0) {
                  progress.step(f.call());
                }
              }
              parts[index] = part.found;
            };
        workers[t] = Thread.ofPlatform().daemon().start(work);
      }
      for (Thread worker : workers) {
        worker.join();
      }
      Found all = parts[0];
      for (int t = 1; t < threads; t++) {
        all = all.merge(parts[t]);
      }
      found.add(all);
    }
    return found;
  }

  /** The share of one thread, and its arrays. */
  private static final class Part {
    private final Kernels<float[]> scalar = new ScalarF32();
    private final Kernels<float[]> chosen = KernelChoice.F32;
    private final float[] x = new float[BLOCK];
    private final float[] y = new float[BLOCK];
    private final float[] z = new float[BLOCK];
    private final Elementary f;
    private final int stride;
    private Found found;

    Part(Elementary f, int stride) {
      this.f = f;
      this.stride = stride;
      this.found = new Found(f, 0, Float.NaN, 0, Float.NaN, 0);
    }

    /** The bit patterns of one block, which have one sign and grow in magnitude. */
    void block(long first) {
      int n = 0;
      long start = Math.ceilDiv(first, stride) * stride;
      for (long bits = start; bits < first + BLOCK; bits += stride) {
        float value = Float.intBitsToFloat((int) bits);
        if (Math.abs(value) <= f.reach() || (Float.isNaN(value) && Float.isInfinite(f.reach()))) {
          x[n++] = value;
        }
      }
      scalar.map(f.kernel(), x, 0, y, 0, n);
      chosen.map(f.kernel(), x, 0, z, 0, n);
      double worst = 0;
      float at = Float.NaN;
      long differing = 0;
      float differingAt = Float.NaN;
      for (int i = 0; i < n; i++) {
        if (Float.floatToIntBits(y[i]) != Float.floatToIntBits(z[i])) {
          differing++;
          differingAt = x[i];
        }
        double error = f.error(x[i], y[i]);
        if (error > worst) {
          worst = error;
          at = x[i];
        }
      }
      found = found.merge(new Found(f, worst, at, differing, differingAt, n));
    }
  }
}
