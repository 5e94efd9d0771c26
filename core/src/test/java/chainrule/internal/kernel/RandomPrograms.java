package chainrule.internal.kernel;

import chainrule.math.Binary;
import chainrule.math.Program;
import chainrule.math.Trace;
import chainrule.math.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Programs at random, numbers to run them on, and what must come out. */
final class RandomPrograms {
  private static final double[] SPECIAL = {
    Double.NaN, 0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-40, -1e-40, 1, -1
  };

  /** A program, where its results may go, and which of them are flushed. */
  record Case(Program program, int[] overwrites, boolean[] flushed) {}

  static Case random(RandomGenerator random) {
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

  static <A> A numbers(Kernels<A> kernels, RandomGenerator random, int n) {
    A out = array(kernels, n);
    for (int i = 0; i < n; i++) {
      int pick = random.nextInt(40);
      put(out, i, pick < SPECIAL.length ? SPECIAL[pick] : random.nextGaussian());
    }
    return out;
  }

  @SuppressWarnings("unchecked") // the array that these kernels work on
  static <A> A array(Kernels<A> kernels, int n) {
    return (A) (kernels.single() ? new float[n] : new double[n]);
  }

  static void put(Object array, int i, double v) {
    if (array instanceof float[] f) {
      f[i] = (float) v;
    } else {
      ((double[]) array)[i] = v;
    }
  }

  static <A> A copy(Kernels<A> kernels, A from, int n) {
    A out = array(kernels, n);
    System.arraycopy(from, 0, out, 0, n);
    return out;
  }

  /** Instruction after instruction, each over all elements. */
  static <A> List<A> plain(Kernels<A> kernels, Case c, List<A> inputs, double[] scalars, int n) {
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

  static <A> A full(Kernels<A> kernels, double c, int n) {
    A out = array(kernels, n);
    for (int i = 0; i < n; i++) {
      put(out, i, c);
    }
    return out;
  }

  private RandomPrograms() {}

  /** Whether bits are equal, all NaNs being one. */
  static boolean same(Object a, Object b) {
    return a instanceof float[] f
        ? Arrays.equals(f, (float[]) b)
        : Arrays.equals((double[]) a, (double[]) b);
  }
}
