package chainrule.examples.reproduce;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A step of micrograd's demo beside the same step by micrograd itself, in the same run, when the
 * environment variable {@code MICROGRAD} names a checkout of it.
 */
final class MicrogradSpeed {
  private static final String PROGRAM =
      """
      import random, time
      from micrograd.engine import Value
      from micrograd.nn import MLP
      rows = [[float(v) for v in line.split(',')] for line in open(0)]
      random.seed(1337)
      model = MLP(2, [16, 16, 1])
      def step():
          scores = [model([Value(r[0]), Value(r[1])]) for r in rows]
          losses = [(1 + -r[2] * s).relu() for r, s in zip(rows, scores)]
          loss = sum(losses) * (1.0 / len(rows)) + 1e-4 * sum(p * p for p in model.parameters())
          model.zero_grad()
          loss.backward()
          for p in model.parameters():
              p.data -= 0.1 * p.grad
      step()
      best = 1e9
      for _ in range(5):
          started = time.perf_counter()
          step()
          best = min(best, time.perf_counter() - started)
      print(best)
      """;

  private MicrogradSpeed() {}

  /** Measures both engines, and holds their ratio to micrograd if it is there. */
  static void measure(Lab lab, Runnable scalar, Runnable compiled) throws IOException {
    lab.progress("speed");
    double scalarSeconds = best(scalar, 200);
    double compiledSeconds = best(compiled, 30_000);
    lab.note(
        "a step takes %.3f ms by the scalar engine, %.2f µs compiled",
        1e3 * scalarSeconds, 1e6 * compiledSeconds);
    String checkout = System.getenv("MICROGRAD");
    if (checkout == null) {
      lab.note("micrograd's own time was not measured: MICROGRAD names no checkout of it");
      return;
    }
    double own = own(checkout);
    lab.note("a step takes %.1f ms by micrograd", 1e3 * own);
    lab.atLeast("times as fast as micrograd, scalar engine", 50, own / scalarSeconds);
    lab.atLeast("times as fast as micrograd, compiled step", 20_000, own / compiledSeconds);
  }

  /** Seconds a step takes: the best of ten batches, after warming up. */
  private static double best(Runnable step, int runs) {
    double[] seconds = new double[10];
    int batch = runs / seconds.length;
    for (int i = 0; i < seconds.length; i++) {
      long started = System.nanoTime();
      for (int k = 0; k < batch; k++) {
        step.run();
      }
      seconds[i] = (System.nanoTime() - started) * 1e-9 / batch;
    }
    return Arrays.stream(seconds).min().orElseThrow();
  }

  private static double own(String checkout) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("python3", "-c", PROGRAM);
    builder.environment().put("PYTHONPATH", checkout);
    Process process = builder.redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(String.join("\n", Lab.published("moons_1337.csv")).getBytes(StandardCharsets.UTF_8));
    }
    String out =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("MICROGRAD=" + checkout + ": micrograd did not run: " + out);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while micrograd was measured", e);
    }
    return Double.parseDouble(out);
  }
}
