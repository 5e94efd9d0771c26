package chainrule.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is recorded is what was said, and its gradient is the table's. */
class ProgramTest {
  private static Program of(Composite f) {
    return Program.record(1, 0, x -> List.of(f.of(x.getFirst())));
  }

  @Test
  void instructionsPrintAsLines() {
    assertThat(of(Composite.GELU).simplified())
        .hasToString(
            """
            v1 = 0.5
            v2 = x0·v1
            v3 = 0.7071067811865476
            v4 = x0·v3
            v5 = erf(v4)
            v6 = 1
            v7 = v5 + v6
            v8 = v2·v7
            results v8\
            """);
    assertThat(Program.record(2, 1, x -> List.of(x.get(0).select(x.get(1), x.get(2)))))
        .hasToString("v3 = (x1 if x0 else s0)\nresults v3");
  }

  @Test
  void whatIsComputedTwiceOrForNothingGoes() {
    Program p =
        Program.record(
            2,
            0,
            x -> {
              x.get(1).exp();
              return List.of(x.get(0).tanh().add(x.get(0).tanh()), x.get(0).tanh());
            });
    assertThat(p.instructions()).hasSize(5);
    assertThat(p.simplified().instructions())
        .containsExactly(new Program.Map(Unary.TANH, 0), new Program.Zip(Binary.ADD, 2, 2));
    assertThat(p.simplified().results()).containsExactly(3, 2);
    assertThat(p.reads(1)).isTrue();
    assertThat(p.simplified().reads(1)).isFalse();
  }

  @Test
  void zerosOfBothSignsAreTwoConstants() {
    Program p =
        Program.record(
            1, 0, x -> List.of(x.getFirst().mul(0.0), x.getFirst().mul(-0.0), x.getFirst().mul(0)));
    assertThat(p.simplified().instructions()).hasSize(4);
  }

  /** Random points, in double precision: the program's gradient against forward mode. */
  @TestFactory
  Stream<DynamicTest> gradientsAgreeWithForwardMode() {
    return Arrays.stream(Composite.values())
        .map(
            f ->
                DynamicTest.dynamicTest(
                    f.call(),
                    () -> {
                      Program gradient = of(f).gradient(true);
                      var random = new Philox(4, f.name());
                      for (int i = 0; i < 50; i++) {
                        double x = f.domain().sample(random);
                        double expected =
                            f.of(new Dual<>(new Real(x), new Real(1))).tangent().value();
                        double got =
                            gradient.on(List.of(new Real(1), new Real(x))).getFirst().value();
                        assertThat(got).isCloseTo(expected, within(1e-13));
                      }
                    }));
  }

  @Test
  void gradientsTowardsSomeInputs() {
    Program p = Program.record(3, 1, x -> List.of(x.get(0).mul(x.get(1)).mul(x.get(3))));
    var at = new ArrayList<Real>();
    for (double v : new double[] {10, 2, 3, 4, 5}) {
      at.add(new Real(v)); // g, then the inputs, then the scalar
    }
    assertThat(p.gradient(true, false, true).on(at))
        .extracting(Real::value)
        .containsExactly(10.0 * 3 * 5, 0.0);
    assertThat(p.leads(1)).isTrue();
    assertThat(p.leads(2)).isFalse();
    Program floor = Program.record(1, 0, x -> List.of(x.getFirst().floor()));
    assertThat(floor.leads(0)).isFalse();
    assertThat(floor.gradient(true).on(List.of(new Real(7), new Real(1))).getFirst().value())
        .isZero();
  }

  @Test
  void aProgramReadsOnlyWhatStandsBefore() {
    assertThatThrownBy(() -> new Program(1, 0, List.of(new Program.Map(Unary.EXP, 1)), List.of(1)))
        .hasMessage("value 1 of 1 is not there yet");
    assertThatThrownBy(() -> new Program(1, 0, List.of(), List.of(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> of(Composite.GELU).on(List.of(new Real(1), new Real(2))))
        .hasMessage("2 numbers for a program of 1");
  }

  @Test
  void valuesOfTwoRecordingsDoNotMix() {
    var kept = new ArrayList<Trace>();
    Program.record(
        1,
        0,
        x -> {
          kept.add(x.getFirst());
          return x;
        });
    assertThatThrownBy(() -> Program.record(1, 0, x -> List.of(x.getFirst().add(kept.getFirst()))))
        .hasMessage("a value of one recording was used in another");
  }
}
