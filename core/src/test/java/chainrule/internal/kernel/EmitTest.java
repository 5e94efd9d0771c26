package chainrule.internal.kernel;

import static chainrule.internal.kernel.RandomPrograms.array;
import static chainrule.internal.kernel.RandomPrograms.numbers;
import static chainrule.internal.kernel.RandomPrograms.plain;
import static chainrule.internal.kernel.RandomPrograms.same;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.internal.kernel.RandomPrograms.Case;
import chainrule.math.Philox;
import chainrule.math.Program;
import chainrule.math.Trace;
import chainrule.math.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Emitted loops give the bits of their programs' instructions run one after another. */
class EmitTest {
  private static final int[] SIZES = {0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 65, 100, 1023};

  private static LoopSpec spec(Case c, boolean single, boolean[] still) {
    var stills = new ArrayList<Boolean>();
    for (boolean s : still) {
      stills.add(s);
    }
    var flushed = new ArrayList<Boolean>();
    for (boolean f : c.flushed()) {
      flushed.add(f);
    }
    return new LoopSpec(c.program().simplified(), single, stills, flushed);
  }

  /** All rows of a matrix of rows × n, each array beginning and advancing in its own way. */
  private static <A> void compare(
      Kernels<A> expected, Kernels<A> actual, Case c, Philox random, int rows, int n)
      throws IllegalAccessException {
    Program program = c.program();
    int inputs = program.inputs();
    int count = inputs + program.results().size();
    boolean[] still = new boolean[inputs];
    int[] at = new int[count];
    int[] step = new int[count];
    boolean alike = random.nextBoolean();
    Object[] arrays = new Object[count];
    var wide = new ArrayList<A>();
    for (int k = 0; k < count; k++) {
      at[k] = alike ? 0 : random.nextInt(5);
      step[k] = n;
      if (k >= inputs) {
        arrays[k] = array(actual, at[k] + rows * n + 3);
      } else {
        still[k] = !alike && random.nextInt(4) == 0;
        boolean same = !alike && random.nextInt(4) == 0;
        step[k] = same ? 0 : still[k] ? 1 : n;
        A x = numbers(expected, random, at[k] + rows * Math.max(n, 1) + 3);
        arrays[k] = x;
        wide.add(expanded(expected, x, at[k], step[k], still[k], rows, n));
      }
    }
    double[] scalars = new double[program.scalars()];
    Arrays.setAll(scalars, i -> random.nextGaussian());
    List<A> want = plain(expected, c, wide, scalars, rows * n);
    Loop loop = Emit.loop(spec(c, actual.single(), still), actual.loopTarget());
    int middle = random.nextInt(n + 1);
    loop.run(arrays, at, step, scalars, 0, rows, 0, middle);
    loop.run(arrays, at, step, scalars, 0, rows, middle, n);
    for (int j = 0; j < want.size(); j++) {
      A got = array(actual, rows * n);
      System.arraycopy(arrays[inputs + j], at[inputs + j], got, 0, rows * n);
      assertThat(same(got, want.get(j)))
          .as("result %d of %d × %d elements: %s", j, rows, n, program)
          .isTrue();
      A rest = array(actual, at[inputs + j]);
      System.arraycopy(arrays[inputs + j], 0, rest, 0, at[inputs + j]);
      assertThat(same(rest, array(actual, at[inputs + j]))).as("before a result").isTrue();
    }
  }

  private static <A> A expanded(
      Kernels<A> kernels, A x, int at, int step, boolean still, int rows, int n) {
    A out = array(kernels, rows * n);
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        System.arraycopy(x, at + r * step + (still ? 0 : i), out, r * n + i, 1);
      }
    }
    return out;
  }

  @Test
  void randomProgramsGiveTheBitsOfTheirInstructions() throws IllegalAccessException {
    for (int round = 0; round < 300; round++) {
      var random = new Philox(round, "emitted");
      Case c = RandomPrograms.random(random);
      int rows = 1 + round % 3;
      int n = SIZES[random.nextInt(SIZES.length)];
      compare(new ScalarF32(), KernelChoice.F32, c, random, rows, n);
      compare(new ScalarF64(), KernelChoice.F64, c, random, rows, n);
      compare(new ScalarF32(), new ScalarF32(), c, random, rows, n);
    }
  }

  /** Every function alone, on whole vectors of numbers of every size. */
  @Test
  void everyFunction() throws IllegalAccessException {
    for (Unary f : Unary.values()) {
      Program program = Program.record(1, 0, x -> List.of(x.getFirst().map(f)));
      var spec = new LoopSpec(program, true, List.of(false), List.of(false));
      Loop loop = Emit.loop(spec, KernelChoice.F32.loopTarget());
      int n = 4096;
      float[] x = new float[n];
      float[] y = new float[n];
      float[] want = new float[n];
      Object[] arrays = {x, y};
      int[] zeros = new int[2];
      for (long bits = 0; bits < 1L << 32; ) {
        for (int i = 0; i < n; i++, bits += 65_537) {
          x[i] = Float.intBitsToFloat((int) bits);
        }
        loop.run(arrays, zeros, zeros, new double[0], 0, 1, 0, n);
        new ScalarF32().map(f, x, 0, want, 0, n);
        assertThat(Arrays.equals(y, want)).as(f.name()).isTrue();
      }
    }
  }

  @Test
  void resultsMayStandOverInputs() throws IllegalAccessException {
    Program swap =
        Program.record(2, 1, x -> List.of(x.get(1).mul(x.get(2)), x.get(0).add(x.get(1))));
    var spec = new LoopSpec(swap, true, List.of(false, false), List.of(false, false));
    Loop loop = Emit.loop(spec, KernelChoice.F32.loopTarget());
    float[] a = new float[37];
    float[] b = new float[37];
    Arrays.setAll(new Object[37], i -> a[i] = i);
    Arrays.setAll(new Object[37], i -> b[i] = 100 - i);
    loop.run(new Object[] {a, b, a, b}, new int[4], new int[4], new double[] {2}, 0, 1, 0, 37);
    for (int i = 0; i < 37; i++) {
      assertThat(a[i]).isEqualTo(2f * (100 - i));
      assertThat(b[i]).isEqualTo(100);
    }
  }

  @Test
  void aProgramThatTheJvmWouldNotCompileIsRefused() {
    Program tower =
        Program.record(
            1,
            0,
            x -> {
              Trace y = x.getFirst();
              for (int i = 0; i < 1000; i++) {
                y = y.add(x.getFirst());
              }
              return List.of(y);
            });
    var spec = new LoopSpec(tower, true, List.of(false), List.of(false));
    assertThatThrownBy(() -> Emit.loop(spec, LoopTarget.PLAIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bytes");
    assertThat(HotLoop.emitted(spec, LoopTarget.PLAIN)).isNull();
  }
}
