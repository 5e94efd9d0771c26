package chainrule.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.internal.kernel.Threads;
import chainrule.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The number of threads changes the time and nothing else. */
class ThreadsTest {
  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** The output of another JVM. */
  private static String run(String threads) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dchainrule.threads=" + threads,
                "-cp",
                location(Tensor.class) + File.pathSeparator + location(Digest.class),
                Digest.class.getName())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return out.strip();
  }

  @TestFactory
  Stream<DynamicTest> equalBits() {
    String here = Digest.compute();
    return Stream.of("1", "2", "7")
        .map(
            threads ->
                DynamicTest.dynamicTest(
                    "threads = " + threads,
                    () -> assertThat(run(threads)).isEqualTo(threads + " " + here)));
  }

  @Test
  void aSenselessNumberIsRefused() throws IOException, InterruptedException {
    assertThat(run("many")).contains("-Dchainrule.threads=many: a number from 1 to 1024");
    assertThat(run("0")).contains("-Dchainrule.threads=0: a number from 1 to 1024");
  }

  @Test
  void everyTaskRunsOnceEvenInsideTasks() {
    var counts = new AtomicIntegerArray(40 * 40);
    Threads.forEach(40, i -> Threads.forEach(40, k -> counts.incrementAndGet(i * 40 + k)));
    var seen = new int[counts.length()];
    Arrays.setAll(seen, counts::get);
    assertThat(seen).containsOnly(1);
  }

  @Test
  void everyTaskRunsOnceForManyCallersAtOnceVirtualThreadsAmongThem() throws InterruptedException {
    int callers = 60; // more than can be helped at once
    var counts = new AtomicIntegerArray(callers * 5);
    var threads = new Thread[callers];
    for (int c = 0; c < callers; c++) {
      int first = c * 5;
      Runnable body =
          () -> {
            for (int call = 0; call < 100; call++) {
              Threads.forEach(5, i -> counts.incrementAndGet(first + i));
            }
          };
      threads[c] = c % 2 == 0 ? Thread.ofVirtual().start(body) : Thread.ofPlatform().start(body);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    var seen = new int[counts.length()];
    Arrays.setAll(seen, counts::get);
    assertThat(seen).containsOnly(100);
  }

  @Test
  void aTaskThatThrowsIsHeard() {
    assertThatThrownBy(
            () ->
                Threads.forEach(
                    9,
                    i -> {
                      if (i == 5) {
                        throw new IllegalStateException("task " + i);
                      }
                    }))
        .hasMessage("task 5");
  }
}
