package chainrule.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.math.Binary;
import chainrule.math.Philox;
import chainrule.math.Program;
import chainrule.math.Trace;
import chainrule.math.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Programs run block by block give the bits of their instructions run one after another. */
class BlocksTest {
  /** From nothing to more than one task; block boundaries lie in between. */
  private static final int[] SIZES = {0, 1, 7, 100, 239, 961, 1921, 5000, 66_001, 140_000};

  private static final double[] SPECIAL = {
    Double.NaN, 0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-40, -1e-40, 1, -1
  };

  /** A program, where its results may go, and which of them are flushed. */
  private record Case(Program program, int[] overwrites, boolean[] flushed) {}

  private static Case random(RandomGenerator random) {
    int inputs = 1 + random.nextInt(4);
    int scalars = random.nextInt(3);
    int results = 1 + random.nextInt(3);
    int length = random.nextInt(25);
    Program program =
        Program.record(
            inputs,
            scalars,
            given -> {
              var values = new ArrayList<>(given);
              for (int k = 0; k < length; k++) {
                values.add(step(random, values));
              }
              var out = new ArrayList<Trace>();
              for (int j = 0; j < results; j++) {
                out.add(pick(random, values));
              }
              return out;
            });
    int[] overwrites = new int[results];
    boolean[] flushed = new boolean[results];
    var free = new ArrayList<Integer>();
    for (int i = 0; i < inputs; i++) {
      free.add(i);
    }
    for (int j = 0; j < results; j++) {
      boolean over = random.nextBoolean() && !free.isEmpty();
      overwrites[j] = over ? free.remove(random.nextInt(free.size())) : -1;
      flushed[j] = random.nextInt(3) == 0;
    }
    return new Case(program, overwrites, flushed);
  }

  private static Trace pick(RandomGenerator random, List<Trace> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static Trace step(RandomGenerator random, List<Trace> values) {
    Trace a = pick(random, values);
    Unary[] unary = Unary.values();
    Binary[] binary = Binary.values();
    return switch (random.nextInt(6)) {
      case 0, 1 -> a.map(unary[random.nextInt(unary.length)]);
      case 2, 3 -> a.zip(binary[random.nextInt(binary.length)], pick(random, values));
      case 4 -> a.select(pick(random, values), pick(random, values));
      default -> a.constant(random.nextInt(2) == 0 ? 0.1 : random.nextInt(3) - 1);
    };
  }

  private static <A> A numbers(Kernels<A> kernels, RandomGenerator random, int n) {
    A out = array(kernels, n);
    for (int i = 0; i < n; i++) {
      int pick = random.nextInt(40);
      put(out, i, pick < SPECIAL.length ? SPECIAL[pick] : random.nextGaussian());
    }
    return out;
  }

  @SuppressWarnings("unchecked") // the array that these kernels work on
  private static <A> A array(Kernels<A> kernels, int n) {
    return (A) (kernels.single() ? new float[n] : new double[n]);
  }

  private static void put(Object array, int i, double v) {
    if (array instanceof float[] f) {
      f[i] = (float) v;
    } else {
      ((double[]) array)[i] = v;
    }
  }

  private static <A> A copy(Kernels<A> kernels, A from, int n) {
    A out = array(kernels, n);
    System.arraycopy(from, 0, out, 0, n);
    return out;
  }

  /** Instruction after instruction, each over all elements. */
  private static <A> List<A> plain(
      Kernels<A> kernels, Case c, List<A> inputs, double[] scalars, int n) {
    var values = new ArrayList<A>(inputs);
    for (double s : scalars) {
      values.add(full(kernels, s, n));
    }
    for (Program.Instruction instruction : c.program.instructions()) {
      A y = array(kernels, n);
      switch (instruction) {
        case Program.Constant(var v) -> y = full(kernels, v, n);
        case Program.Map(var f, var x) -> kernels.map(f, values.get(x), 0, y, 0, n);
        case Program.Zip(var f, var a, var b) ->
            kernels.zip(f, values.get(a), 0, 1, values.get(b), 0, 1, y, 0, n);
        case Program.Select(var s, var a, var b) ->
            kernels.select(values.get(s), 0, 1, values.get(a), 0, 1, values.get(b), 0, 1, y, 0, n);
      }
      values.add(y);
    }
    var out = new ArrayList<A>();
    for (int j = 0; j < c.flushed.length; j++) {
      A y = copy(kernels, values.get(c.program.results().get(j)), n);
      if (c.flushed[j]) {
        kernels.flush(y, 0, n);
      }
      out.add(y);
    }
    return out;
  }

  private static <A> A full(Kernels<A> kernels, double c, int n) {
    A out = array(kernels, n);
    for (int i = 0; i < n; i++) {
      put(out, i, c);
    }
    return out;
  }

  private static <A> void compare(
      Kernels<A> expected, Kernels<A> actual, Case c, RandomGenerator random, int n) {
    var inputs = new ArrayList<A>();
    for (int i = 0; i < c.program.inputs(); i++) {
      inputs.add(numbers(expected, random, n));
    }
    double[] scalars = new double[c.program.scalars()];
    Arrays.setAll(scalars, i -> random.nextGaussian());
    List<A> want = plain(expected, c, inputs, scalars, n);
    Blocks blocks = Blocks.of(c.program.simplified(), c.overwrites, c.flushed);
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
        int to = c.overwrites[j];
        got.add(over && to >= 0 ? given.get(to) : array(actual, n));
        run.output(j, got.get(j));
      }
      for (int k = 0; k < scalars.length; k++) {
        run.scalar(k, scalars[k]);
      }
      run.go(n);
      for (int j = 0; j < want.size(); j++) {
        assertThat(same(got.get(j), want.get(j)))
            .as("result %d of %d elements, written over: %s%n%s", j, n, over, c.program)
            .isTrue();
      }
    }
  }

  private static boolean same(Object a, Object b) {
    return a instanceof float[] f
        ? Arrays.equals(f, (float[]) b)
        : Arrays.equals((double[]) a, (double[]) b);
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
      Program less = c.program.simplified();
      assertThat(less.instructions()).hasSizeLessThanOrEqualTo(c.program.instructions().size());
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
          plain(kernels, new Case(less, c.overwrites, c.flushed), inputs, scalars, 31);
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
