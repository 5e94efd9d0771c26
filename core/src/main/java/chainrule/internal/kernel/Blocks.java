package chainrule.internal.kernel;

import chainrule.math.Program;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A program made ready to run over arrays: block by block at first, every instruction a call of a
 * kernel on a block so small that what lies between two instructions stays in the innermost cache;
 * by a loop of its own ({@link Emit}) once it has run for long enough.
 *
 * <p>The same functions in the same order, each rounded as its kernel rounds: the bits of running
 * kernel after kernel over whole arrays, in one pass over memory. Work is split by shape alone.
 *
 * <pre>{@code
 * var run = blocks.on(kernels);
 * run.input(0, x);
 * run.output(0, y);
 * run.go(n);
 * }</pre>
 */
public final class Blocks {
  private static final ThreadLocal<Run> RUN = ThreadLocal.withInitial(Run::new);
  private static final ThreadLocal<Registers> F32 =
      ThreadLocal.withInitial(() -> new Registers(true));
  private static final ThreadLocal<Registers> F64 =
      ThreadLocal.withInitial(() -> new Registers(false));

  /** Where arrays begin that are not parts of others. */
  private static final int[] STARTS = new int[64];

  private final Program program;
  private final int[] overwrites;
  private final boolean[] flushed;
  private final boolean[] read;
  private final boolean cold;
  private final @Nullable HotLoop[] loops = new @Nullable HotLoop[4];
  private @Nullable Plan direct;
  private @Nullable Plan staged;

  private Blocks(Program program, int[] overwrites, boolean[] flushed, boolean cold) {
    this.program = program;
    this.cold = cold;
    this.overwrites = overwrites.clone();
    this.flushed = flushed.clone();
    this.read = new boolean[program.inputs()];
    for (int i = 0; i < read.length; i++) {
      read[i] = program.reads(i);
    }
  }

  /** Blocks of a program whose results go into arrays of their own. */
  public static Blocks of(Program program) {
    int[] none = new int[program.results().size()];
    Arrays.fill(none, -1);
    return of(program, none, new boolean[none.length]);
  }

  /**
   * Blocks of a program.
   *
   * @param overwrites for each result, the input whose array it may be written into; −1 for none
   * @param flushed for each result, whether it is stored with subnormals as 0
   */
  public static Blocks of(Program program, int[] overwrites, boolean[] flushed) {
    return new Blocks(program, overwrites, flushed, false);
  }

  /** Those that never get a loop. */
  static Blocks cold(Program program, int[] overwrites, boolean[] flushed) {
    return new Blocks(program, overwrites, flushed, true);
  }

  /** What runs. */
  public Program program() {
    return program;
  }

  /** Whether input {@code i} is read at all; one that is not need not be given. */
  public boolean reads(int i) {
    return read[i];
  }

  /** The plan for these kernels: made when first needed, and the same whoever makes it. */
  private Plan plan(Kernels<?> kernels) {
    boolean staging = kernels.oneIndex();
    Plan plan = staging ? staged : direct;
    if (plan == null) {
      plan = Plan.of(program, overwrites, flushed, staging);
      if (staging) {
        staged = plan;
      } else {
        direct = plan;
      }
    }
    return plan;
  }

  /** The loop of this program on arrays as these kernels take them. */
  private @Nullable HotLoop loop(Kernels<?> kernels) {
    if (cold) {
      return null;
    }
    int kind = (kernels.single() ? 1 : 0) | (kernels.oneIndex() ? 2 : 0);
    HotLoop loop = loops[kind];
    if (loop == null) {
      List<Boolean> flushes = IntStream.range(0, flushed.length).mapToObj(j -> flushed[j]).toList();
      List<Boolean> still = Collections.nCopies(program.inputs(), false);
      loop =
          HotLoop.of(new LoopSpec(program, kernels.single(), still, flushes), kernels.loopTarget());
      loops[kind] = loop;
    }
    return loop;
  }

  /** This thread's run, to be told its arrays and started. It holds for one {@link Run#go}. */
  public <A> Run on(Kernels<A> kernels) {
    Run run = RUN.get();
    run.begin(plan(kernels), kernels, loop(kernels));
    return run;
  }

  /**
   * Runs over {@code n} elements.
   *
   * @param arrays the inputs, then where the results go
   */
  public void run(
      Kernels<?> kernels, @Nullable Object[] arrays, double[] scalars, int n) {
    HotLoop hot = loop(kernels);
    Loop fast = hot == null ? null : hot.loop();
    if (fast != null && n <= Split.GRAIN && arrays.length <= STARTS.length) {
      fast.run(arrays, STARTS, STARTS, scalars, 0, 1, 0, n);
      return;
    }
    Run run = on(kernels);
    for (int i = 0; i < arrays.length; i++) {
      run.arrays[i] = arrays[i];
    }
    for (int k = 0; k < scalars.length; k++) {
      run.scalar(k, scalars[k]);
    }
    run.go(n);
  }

  /** One run of a program; every thread has one, used again and again. */
  public static final class Run implements IntConsumer {
    private @Nullable Plan plan;
    private @Nullable Kernels<Object> kernels;
    private @Nullable Object[] arrays = new Object[8];
    private int[] starts = new int[8];
    private Object table = new float[0];
    private float[] tableF32 = new float[16];
    private double[] tableF64 = new double[16];
    private double[] scalars = new double[8];
    private @Nullable HotLoop hot;
    private @Nullable Loop loop;
    private boolean single;
    private int n;

    private Run() {}

    @SuppressWarnings("unchecked") // arrays of this kind are all that the kernels will be given
    private void begin(Plan next, Kernels<?> on, @Nullable HotLoop faster) {
      plan = next;
      hot = faster;
      loop = faster == null ? null : faster.loop();
      kernels = (Kernels<Object>) on;
      int count = next.inputs + next.outputs;
      if (arrays.length < count) {
        arrays = new Object[2 * count];
        starts = new int[2 * count];
      }
      if (scalars.length < next.scalars) {
        scalars = new double[2 * next.scalars];
      }
      Arrays.fill(starts, 0, count, 0);
      if (tableF32.length < next.table) {
        tableF32 = new float[2 * next.table];
        tableF64 = new double[2 * next.table];
      }
      single = on.single();
      if (single) {
        System.arraycopy(next.tableF32, 0, tableF32, 0, next.table);
        table = tableF32;
      } else {
        System.arraycopy(next.tableF64, 0, tableF64, 0, next.table);
        table = tableF64;
      }
    }

    private Plan plan() {
      if (plan == null) {
        throw new IllegalStateException("a run begins with Blocks.on");
      }
      return plan;
    }

    private Kernels<Object> kernels() {
      if (kernels == null) {
        throw new IllegalStateException("a run begins with Blocks.on");
      }
      return kernels;
    }

    /** Gives input {@code i}, of at least as many elements as the run will have. */
    public void input(int i, Object array) {
      arrays[i] = array;
    }

    /** Says where result {@code j} goes. */
    public void output(int j, Object array) {
      arrays[plan().inputs + j] = array;
    }

    /** Gives input {@code i}, whose elements begin at {@code start}, of a run {@link #here}. */
    public void input(int i, Object array, int start) {
      arrays[i] = array;
      starts[i] = start;
    }

    /** Says where result {@code j} goes, from {@code start} on, in a run {@link #here}. */
    public void output(int j, Object array, int start) {
      input(plan().inputs + j, array, start);
    }

    /** Gives scalar {@code k}, which is rounded to the precision of the arrays. */
    public void scalar(int k, double value) {
      scalars[k] = value;
      if (single) {
        tableF32[k] = (float) value;
      } else {
        tableF64[k] = value;
      }
    }

    /** Runs over {@code n} elements, and lets go of the arrays. */
    public void go(int n) {
      begin(n);
      try {
        uniform();
        int tasks = Split.tasks(n, Split.GRAIN);
        if (tasks == 1) {
          accept(0);
        } else {
          Threads.forEach(tasks, this);
        }
      } finally {
        end();
      }
    }

    /** As {@link #go}, on the calling thread alone. */
    public void here(int n) {
      begin(n);
      try {
        uniform();
        for (int task = 0; task < Split.tasks(n, Split.GRAIN); task++) {
          accept(task);
        }
      } finally {
        end();
      }
    }

    private void begin(int count) {
      n = count;
      HotLoop faster = hot;
      if (faster != null && loop == null) {
        faster.ranWithout(count, kernels());
      }
    }

    /** What is the same for all elements; a loop computes it by itself. */
    private void uniform() {
      Plan p = plan();
      for (int s = 0; s < p.uniform.size() && loop == null; s++) {
        run(p.uniform.get(s), null, 0, 1);
      }
    }

    private void end() {
      Plan p = plan();
      Arrays.fill(arrays, 0, p.inputs + p.outputs, null);
      loop = null;
    }

    /** One task: {@link Split#GRAIN} elements. */
    @Override
    public void accept(int task) {
      Plan p = plan();
      int from = task * Split.GRAIN;
      int to = Split.end(from, Split.GRAIN, n);
      Loop whole = loop;
      if (whole != null) {
        whole.run(arrays, starts, starts, scalars, 0, 1, from, to);
        return;
      }
      int block = p.block(single);
      Object[] registers = (single ? F32 : F64).get().of(p);
      for (int at = from; at < to; at += block) {
        int m = Math.min(block, to - at);
        for (int s = 0; s < p.steps.size(); s++) {
          run(p.steps.get(s), registers, at, m);
        }
      }
    }

    private void run(Plan.Step s, Object @Nullable [] registers, int at, int m) {
      Kernels<Object> k = kernels();
      Object a = array(s.a(), registers);
      int ao = offset(s.a(), at);
      Object y = array(s.y(), registers);
      int yo = offset(s.y(), at);
      switch (s.kind()) {
        case MAP -> k.map(s.unary(), a, ao, y, yo, m);
        case ZIP ->
            k.zip(
                s.binary(),
                a,
                ao,
                stride(s.a()),
                array(s.b(), registers),
                offset(s.b(), at),
                stride(s.b()),
                y,
                yo,
                m);
        case SELECT ->
            k.select(
                a,
                ao,
                stride(s.a()),
                array(s.b(), registers),
                offset(s.b(), at),
                stride(s.b()),
                array(s.c(), registers),
                offset(s.c(), at),
                stride(s.c()),
                y,
                yo,
                m);
        case COPY -> System.arraycopy(a, ao, y, yo, m);
        case FILL -> fill(a, ao, y, yo, m);
        case FLUSH -> k.flush(y, yo, m);
      }
    }

    private static void fill(Object a, int ao, Object y, int yo, int m) {
      switch (y) {
        case float[] f -> Arrays.fill(f, yo, yo + m, ((float[]) a)[ao]);
        default -> Arrays.fill((double[]) y, yo, yo + m, ((double[]) a)[ao]);
      }
    }

    private Object array(int place, Object @Nullable [] registers) {
      if (place < 0 || registers == null) {
        return table;
      }
      int r = plan().registers;
      Object array = place < r ? registers[place] : arrays[place - r];
      if (array == null) {
        throw new IllegalStateException("array " + (place - r) + " of this run was not given");
      }
      return array;
    }

    private int offset(int place, int at) {
      if (place < 0) {
        return ~place;
      }
      int r = plan().registers;
      return place < r ? 0 : at + starts[place - r];
    }

    private static int stride(int place) {
      return place < 0 ? 0 : 1;
    }
  }

  /** The registers of one thread and precision, by block size; made when first needed. */
  private static final class Registers {
    private final boolean single;
    private final Object[][] bySize = new Object[Plan.SIZES][0];

    Registers(boolean single) {
      this.single = single;
    }

    Object[] of(Plan plan) {
      Object[] have = bySize[plan.size];
      if (have.length < plan.registers) {
        int block = plan.block(single);
        have = new Object[plan.registers];
        for (int r = 0; r < have.length; r++) {
          have[r] = single ? new float[block] : new double[block];
        }
        bySize[plan.size] = have;
      }
      return have;
    }
  }
}
