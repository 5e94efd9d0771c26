package chainrule.internal.kernel;

import chainrule.math.Binary;
import chainrule.math.Program;
import chainrule.math.Unary;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Where a program's values stand while it runs block by block: in the arrays it is given, in
 * registers of one block, or, for what is the same for all elements, in a table.
 *
 * <p>A <em>place</em> is a number: registers first, then inputs, then outputs; {@code ~k} is entry
 * k of the table. A value lives in a register from its instruction to its last reader, unless it is
 * a result, which is written where it belongs at once.
 */
final class Plan {
  /** What a step does. */
  enum Kind {
    MAP,
    ZIP,
    SELECT,
    COPY,
    FILL,
    FLUSH
  }

  /**
   * One call of a kernel.
   *
   * @param unary the function of a MAP, else any
   * @param binary the function of a ZIP, else any
   * @param a the first operand's place; the condition of a SELECT
   * @param y the result's place
   */
  record Step(Kind kind, Unary unary, Binary binary, int a, int b, int c, int y) {}

  private static final Unary NO_UNARY = Unary.NEG;
  private static final Binary NO_BINARY = Binary.ADD;

  /** The bytes of cache that the arrays and registers of one block may fill. */
  private static final int CACHE = 20 << 10;

  /**
   * Block sizes in bytes: whole vectors of any width, and no power of 2, so that registers that lie
   * one behind the other do not fall on the same sets of the cache.
   */
  private static final int[] BLOCKS = {7680, 3840, 1920, 960};

  /** How many block sizes there are. */
  static final int SIZES = BLOCKS.length;

  final int registers;
  final int inputs;
  final int outputs;
  final int scalars;
  final List<Step> steps;

  /** What is computed once a run, from scalars. */
  final List<Step> uniform;

  /** Entries of the table; scalars come first. */
  final int table;

  final float[] tableF32;
  final double[] tableF64;
  final boolean[] read;

  /** Which block size it is. */
  final int size;

  private Plan(Builder b) {
    this.registers = b.registers;
    this.inputs = b.program.inputs();
    this.scalars = b.program.scalars();
    this.outputs = b.program.results().size();
    this.table = b.table;
    this.uniform = List.copyOf(b.uniform);
    this.steps = b.steps.stream().map(s -> resolved(s, b)).toList();
    this.read = b.read;
    int streams = registers + outputs;
    for (boolean r : read) {
      streams += r ? 1 : 0;
    }
    int fitting = 0;
    while (fitting < SIZES - 1 && BLOCKS[fitting] * streams > CACHE) {
      fitting++;
    }
    this.size = fitting;
    this.tableF32 = new float[table];
    this.tableF64 = new double[table];
    for (int k = 0; k < table; k++) {
      tableF32[k] = (float) b.constants[k];
      tableF64[k] = b.constants[k];
    }
  }

  /** Inputs and outputs follow the registers, once it is known how many those are. */
  private static Step resolved(Step s, Builder b) {
    return new Step(
        s.kind,
        s.unary,
        s.binary,
        b.resolved(s.a),
        b.resolved(s.b),
        b.resolved(s.c),
        b.resolved(s.y));
  }

  /**
   * A plan.
   *
   * @param overwrites for each result, the input whose array it may be written into; −1 for none
   * @param flushed for each result, whether it is stored with subnormals as 0
   * @param staged whether instructions work on registers alone, inputs being copied in and results
   *     out
   */
  static Plan of(Program program, int[] overwrites, boolean[] flushed, boolean staged) {
    return new Plan(new Builder(program, overwrites, flushed, staged));
  }

  /** How many elements a block has. */
  int block(boolean single) {
    return BLOCKS[size] / (single ? Float.BYTES : Double.BYTES);
  }

  /** Finds a place for every value. */
  private static final class Builder {
    /** Marks of places that are numbered once the registers are counted. */
    private static final int INPUT = 1 << 20;

    private static final int OUTPUT = 1 << 21;

    final Program program;
    final int[] overwrites;
    final List<Step> steps = new ArrayList<>();
    final List<Step> uniform = new ArrayList<>();
    final boolean[] read;
    final double[] constants;
    int registers;
    int table;

    private final int[] place;
    private final int[] lastReader;
    private final Deque<Integer> free = new ArrayDeque<>();

    Builder(Program program, int[] overwrites, boolean[] flushed, boolean staged) {
      this.program = program;
      this.overwrites = overwrites;
      this.read = new boolean[program.inputs()];
      this.constants = new double[program.values()];
      this.place = new int[program.values()];
      this.lastReader = lastReaders();
      int n = program.inputs();
      for (int i = 0; i < n; i++) {
        read[i] = program.reads(i);
        place[i] = INPUT + i;
      }
      for (int s = 0; s < program.scalars(); s++) {
        place[n + s] = ~table++;
      }
      int[] home = homes(staged);
      moveInputs(staged);
      for (int k = 0; k < program.instructions().size(); k++) {
        plan(k, home);
      }
      for (int j = 0; j < program.results().size(); j++) {
        int v = program.results().get(j);
        if (place[v] != OUTPUT + j) {
          steps.add(step(place[v] < 0 ? Kind.FILL : Kind.COPY, place[v], OUTPUT + j));
        }
      }
      for (int j = 0; j < flushed.length; j++) {
        if (flushed[j]) {
          steps.add(step(Kind.FLUSH, OUTPUT + j, OUTPUT + j));
        }
      }
    }

    int resolved(int at) {
      if (at >= OUTPUT) {
        return registers + program.inputs() + at - OUTPUT;
      }
      return at >= INPUT ? registers + at - INPUT : at;
    }

    private int[] lastReaders() {
      int[] last = new int[program.values()];
      Arrays.fill(last, -1);
      for (int k = 0; k < program.instructions().size(); k++) {
        for (int operand : program.instructions().get(k).operands()) {
          last[operand] = k;
        }
      }
      for (int v : program.results()) {
        last[v] = Integer.MAX_VALUE;
      }
      return last;
    }

    /** For each value the output that its instruction, if it varies, writes directly; or −1. */
    private int[] homes(boolean staged) {
      int[] home = new int[program.values()];
      Arrays.fill(home, -1);
      for (int j = 0; j < program.results().size(); j++) {
        int v = program.results().get(j);
        int k = v - program.inputs() - program.scalars();
        // An array that is written over must not be read by any instruction that follows.
        int over = overwrites[j];
        boolean safe = over < 0 || lastReader[over] <= k;
        if (k >= 0 && home[v] < 0 && safe && !staged) {
          home[v] = OUTPUT + j;
        }
      }
      return home;
    }

    /** Inputs are copied if staged, or if they are results whose array another result takes. */
    private void moveInputs(boolean staged) {
      for (int i = 0; i < read.length; i++) {
        if (read[i] && (staged || overwrittenResult(i))) {
          place[i] = registers++;
          steps.add(step(Kind.COPY, INPUT + i, place[i]));
        }
      }
    }

    private boolean overwrittenResult(int input) {
      for (int j = 0; j < overwrites.length; j++) {
        if (overwrites[j] == input && program.results().get(j) != input) {
          return program.results().contains(input);
        }
      }
      return false;
    }

    private void plan(int k, int[] home) {
      Program.Instruction instruction = program.instructions().get(k);
      int v = program.valueOf(k);
      boolean varies = false;
      for (int operand : instruction.operands()) {
        varies |= place[operand] >= 0;
      }
      if (!varies) {
        place[v] = ~table++;
        if (instruction instanceof Program.Constant(var c)) {
          constants[table - 1] = c;
        } else {
          uniform.add(step(instruction, v));
        }
        return;
      }
      for (int operand : Arrays.stream(instruction.operands()).distinct().toArray()) {
        boolean register = place[operand] >= 0 && place[operand] < INPUT;
        if (register && lastReader[operand] == k) {
          free.push(place[operand]);
        }
      }
      if (home[v] >= 0) {
        place[v] = home[v];
      } else {
        place[v] = free.isEmpty() ? registers++ : free.pop();
      }
      steps.add(step(instruction, v));
    }

    private Step step(Program.Instruction instruction, int v) {
      int y = place[v];
      return switch (instruction) {
        case Program.Constant _ -> throw new IllegalStateException("a constant is no step");
        case Program.Map(var f, var x) ->
            new Step(Kind.MAP, f, NO_BINARY, place[x], place[x], place[x], y);
        case Program.Zip(var f, var a, var b) ->
            new Step(Kind.ZIP, NO_UNARY, f, place[a], place[b], place[a], y);
        case Program.Select(var c, var a, var b) ->
            new Step(Kind.SELECT, NO_UNARY, NO_BINARY, place[c], place[a], place[b], y);
      };
    }

    private static Step step(Kind kind, int a, int y) {
      return new Step(kind, NO_UNARY, NO_BINARY, a, a, a, y);
    }
  }
}
