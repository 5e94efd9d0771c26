package chainrule.benchmarks.startup;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The small program learns, and its figures are medians. */
class StartupTest {
  @Test
  void theProgramLearns() {
    assertThat(Xor.train()).isBetween(0.0, 0.05);
  }

  @Test
  void figuresAreMedians() {
    Started started =
        new Started(true, new double[] {0.3, 0.1, 0.2}, new double[] {60, 50, 70}, 0.25);
    Map<String, Object> json = Json.parseObject("line", Json.write(started.json()));
    assertThat(json)
        .containsEntry("archive", true)
        .containsEntry("seconds", 0.2)
        .containsEntry("spread", 1.0)
        .containsEntry("residentMiB", 60.0)
        .containsEntry("runs", 3L);
    assertThat(started.cells()).hasSameSizeAs(Started.heads()).contains("archived", "0.200");
  }
}
