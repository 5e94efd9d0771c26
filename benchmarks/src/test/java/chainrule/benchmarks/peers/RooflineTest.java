package chainrule.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.compile.Compiled;
import chainrule.compile.Profile;
import chainrule.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The picture shows the roof and every step that computes. */
class RooflineTest {
  @Test
  void everyStepThatComputesIsADisc() {
    Tensor x = Tensor.ones(40, 30);
    Profile profile =
        Compiled.of(in -> List.of(in.get(0).matmul(in.get(0), false, true).exp().sum()))
            .plan(x)
            .profile(20, x);
    long computing = profile.lines().stream().filter(line -> line.flops() > 0).count();
    String svg = new Roofline("", profile).draw("a plan").svg();
    assertThat(svg).startsWith("<svg").endsWith("</svg>\n").contains("a plan", "polyline", "GB/s");
    assertThat(svg.split("<circle", -1)).hasSize((int) computing + 1);
    assertThat(svg).doesNotContain("NaN", "Infinity");
  }
}
