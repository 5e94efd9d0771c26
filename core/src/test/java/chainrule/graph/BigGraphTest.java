package chainrule.graph;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million operations are looked at without a stack overflow. */
class BigGraphTest {
  private static final int N = 1_000_000;

  @Test
  void aMillionAdditions(@TempDir Path folder) throws IOException {
    Parameter x = Tensor.scalar(1.0).requiresGrad("x");
    Tensor one = Tensor.scalar(1.0);
    Tensor y = x;
    for (int i = 0; i < N; i++) {
      y = y.add(one);
    }
    GraphView view = GraphView.of(y);
    assertThat(view).hasToString("1000002 nodes, 2000000 edges");
    assertThat(view.root().value()).isNotNull();
    Path file = folder.resolve("big.json");
    view.writeJson(file);
    long lines = 0;
    try (BufferedReader in = Files.newBufferedReader(file)) {
      while (in.readLine() != null) {
        lines++;
      }
    }
    assertThat(lines).isEqualTo(3_000_008);
    Explanation why = view.explain(x);
    assertThat(why.gradient()).isEqualTo(1);
    assertThat(why.paths()).hasSize(1);
    assertThat(why.paths().getFirst().steps()).hasSize(N);
    assertThat(why.toString()).contains("the result of 1000000 operations", "999,988 more");
  }
}
