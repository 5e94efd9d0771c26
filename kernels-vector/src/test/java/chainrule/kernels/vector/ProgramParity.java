package chainrule.kernels.vector;

import chainrule.internal.kernel.Blocks;
import chainrule.internal.kernel.Kernels;
import chainrule.math.Binary;
import chainrule.math.Composite;
import chainrule.math.Program;
import chainrule.math.Trace;
import chainrule.math.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The programs of the whole table on vectors (with {@code -Dchainrule.emit=now} as loops of their
 * own, else in blocks) and, instruction after instruction, on the specification.
 */
final class ProgramParity {
  /** Less than a vector, whole ones of any width, and some more. */
  private static final int[] SIZES = {0, 1, 7, 17, 64, 257};

  private static final Map<String, Program> ALL = all();

  private ProgramParity() {}

  private static Map<String, Program> all() {
    var all = new LinkedHashMap<String, Program>();
    for (Unary f : Unary.values()) {
      both(all, f.call(), Program.record(1, 0, x -> List.of(x.getFirst().map(f))));
    }
    for (Composite f : Composite.values()) {
      both(all, f.call(), Program.record(1, 0, x -> List.of(f.of(x.getFirst()))));
    }
    for (Binary f : Binary.values()) {
      both(all, f.call(), Program.record(2, 0, x -> List.of(x.get(0).zip(f, x.get(1)))));
    }
    return all;
  }

  private static void both(Map<String, Program> all, String name, Program program) {
    all.put(name, program.simplified());
    boolean[] wanted = new boolean[program.inputs()];
    Arrays.fill(wanted, true);
    all.put("gradient of " + name, program.gradient(wanted));
  }

  /** Each program on sizes in turn, so that its loop is emitted once. */
  static <A> void run(Parity<A> p) {
    ALL.forEach((name, program) -> sizes(p, name, program));
    for (int round = 0; round < 20; round++) {
      sizes(p, "at random", random(p));
    }
  }

  private static <A> void sizes(Parity<A> p, String name, Program program) {
    for (int n : SIZES) {
      compare(p, name, program, n);
    }
  }

  private static <A> Program random(Parity<A> p) {
    return Program.record(
        3,
        0,
        given -> {
          var values = new ArrayList<Trace>(given);
          for (int k = 0; k < 20; k++) {
            Trace a = values.get(p.next(values.size()));
            Trace b = values.get(p.next(values.size()));
            Trace c = values.get(p.next(values.size()));
            values.add(
                switch (p.next(5)) {
                  case 0, 1 -> a.map(Unary.values()[p.next(Unary.values().length)]);
                  case 2, 3 -> a.zip(Binary.values()[p.next(Binary.values().length)], b);
                  default -> c.select(a, b);
                });
          }
          return List.of(values.getLast());
        });
  }

  private static <A> void compare(Parity<A> p, String name, Program program, int n) {
    var inputs = new ArrayList<A>();
    for (int i = 0; i < program.inputs(); i++) {
      inputs.add(p.make(n, true));
    }
    for (int result = 0; result < program.results().size(); result++) {
      Program one =
          new Program(
              program.inputs(), 0, program.instructions(), List.of(program.results().get(result)));
      p.compare(
          "program " + name + " " + n,
          n,
          (kernels, y) -> {
            if (kernels.name().equals("vector")) {
              Blocks blocks = Blocks.of(one);
              Blocks.Run run = blocks.on(kernels);
              for (int i = 0; i < inputs.size(); i++) {
                run.input(i, inputs.get(i));
              }
              run.output(0, y);
              run.go(n);
            } else {
              plain(p, kernels, one, inputs, y, n);
            }
          });
    }
  }

  private static <A> void plain(
      Parity<A> p, Kernels<A> kernels, Program program, List<A> inputs, A y, int n) {
    var values = new ArrayList<A>(inputs);
    for (Program.Instruction instruction : program.instructions()) {
      A out = p.make(n, false);
      switch (instruction) {
        case Program.Constant(var c) -> fill(out, c);
        case Program.Map(var f, var x) -> kernels.map(f, values.get(x), 0, out, 0, n);
        case Program.Zip(var f, var a, var b) ->
            kernels.zip(f, values.get(a), 0, 1, values.get(b), 0, 1, out, 0, n);
        case Program.Select(var c, var a, var b) ->
            kernels.select(
                values.get(c), 0, 1, values.get(a), 0, 1, values.get(b), 0, 1, out, 0, n);
      }
      values.add(out);
    }
    System.arraycopy(values.get(program.results().getFirst()), 0, y, 0, n);
  }

  private static void fill(Object array, double c) {
    switch (array) {
      case float[] f -> Arrays.fill(f, (float) c);
      default -> Arrays.fill((double[]) array, c);
    }
  }
}
