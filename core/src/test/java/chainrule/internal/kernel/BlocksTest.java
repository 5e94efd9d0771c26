package chainrule.internal.kernel;

import static chainrule.internal.kernel.RandomPrograms.array;
import static chainrule.internal.kernel.RandomPrograms.copy;
import static chainrule.internal.kernel.RandomPrograms.numbers;
import static chainrule.internal.kernel.RandomPrograms.plain;
import static chainrule.internal.kernel.RandomPrograms.random;
import static chainrule.internal.kernel.RandomPrograms.same;
import static org.assertj.core.api.Assertions.assertThat;

import chainrule.internal.kernel.RandomPrograms.Case;
import chainrule.math.Philox;
import chainrule.math.Program;
import chainrule.math.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Programs run block by block give the bits of their instructions run one after another. */
class BlocksTest {
  /** From nothing to more than one task; block boundaries lie in between. */
  private static final int[] SIZES = {0, 1, 7, 100, 239, 961, 1921, 5000, 66_001, 140_000};

  private static <A> void compare(
      Kernels<A> expected, Kernels<A> actual, Case c, RandomGenerator random, int n) {
    var inputs = new ArrayList<A>();
    for (int i = 0; i < c.program().inputs(); i++) {
      inputs.add(numbers(expected, random, n));
    }
    double[] scalars = new double[c.program().scalars()];
    Arrays.setAll(scalars, i -> random.nextGaussian());
    List<A> want = plain(expected, c, inputs, scalars, n);
    Blocks blocks = Blocks.cold(c.program().simplified(), c.overwrites(), c.flushed());
    for (boolean over : new boolean[] {false, true}) {
      var given = new ArrayList<A>();
      inputs.forEach(x -> given.add(copy(expected, x, n)));
      var got = new ArrayList<A>();
      Blocks.Run run = blocks.on(actual);
      for (int i = 0; i < given.size(); i++) {
        if (blocks.reads(i)) {
          run.input(i, given.get(i));
        }
      }
      for (int j = 0; j < want.size(); j++) {
        int to = c.overwrites()[j];
        got.add(over && to >= 0 ? given.get(to) : array(actual, n));
        run.output(j, got.get(j));
      }
      for (int k = 0; k < scalars.length; k++) {
        run.scalar(k, scalars[k]);
      }
      run.go(n);
      for (int j = 0; j < want.size(); j++) {
        assertThat(same(got.get(j), want.get(j)))
            .as("result %d of %d elements, written over: %s%n%s", j, n, over, c.program())
            .isTrue();
      }
    }
  }

  @Test
  void randomProgramsGiveTheBitsOfTheirInstructions() {
    for (int round = 0; round < 400; round++) {
      var random = new Philox(round, "programs");
      Case c = random(random);
      int n = SIZES[round % (round % 40 == 0 ? SIZES.length : SIZES.length - 3)];
      compare(new ScalarF32(), KernelChoice.F32, c, random, n);
      compare(new ScalarF64(), KernelChoice.F64, c, random, n);
      compare(new ScalarF32(), new ScalarF32(), c, random, n);
    }
  }

  @Test
  void moreThanOneTask() {
    for (int n : new int[] {Split.GRAIN, Split.GRAIN + 1, 3 * Split.GRAIN - 5}) {
      Program program =
          Program.record(2, 1, x -> List.of(x.get(0).mul(x.get(2)).add(x.get(1)), x.get(0)));
      var c = new Case(program, new int[] {0, -1}, new boolean[] {true, false});
      compare(new ScalarF32(), KernelChoice.F32, c, new Philox(n), n);
      compare(new ScalarF64(), new ScalarF64(), c, new Philox(n), n);
    }
  }

  @Test
  void simplifyingKeepsTheBits() {
    for (int round = 0; round < 200; round++) {
      var random = new Philox(round, "simplified");
      Case c = random(random);
      Program less = c.program().simplified();
      assertThat(less.instructions()).hasSizeLessThanOrEqualTo(c.program().instructions().size());
      assertThat(less.instructions()).doesNotHaveDuplicates();
      assertThat(less.simplified()).isEqualTo(less);
      var kernels = new ScalarF64();
      var inputs = new ArrayList<double[]>();
      for (int i = 0; i < less.inputs(); i++) {
        inputs.add(numbers(kernels, random, 31));
      }
      double[] scalars = new double[less.scalars()];
      List<double[]> full = plain(kernels, c, inputs, scalars, 31);
      List<double[]> short_ =
          plain(kernels, new Case(less, c.overwrites(), c.flushed()), inputs, scalars, 31);
      for (int j = 0; j < full.size(); j++) {
        assertThat(Arrays.equals(full.get(j), short_.get(j))).isTrue();
      }
    }
  }

  @Test
  void registersAreSharedByValuesThatDoNotMeet() {
    Program chain =
        Program.record(
            1,
            0,
            x -> {
              Trace y = x.getFirst();
              for (int i = 0; i < 50; i++) {
                y = y.tanh().mul(x.getFirst());
              }
              return List.of(y);
            });
    assertThat(Plan.of(chain, new int[] {-1}, new boolean[1], false).registers).isEqualTo(1);
    assertThat(Plan.of(chain, new int[] {-1}, new boolean[1], true).registers).isEqualTo(2);
  }
}
