package chainrule.internal.kernel;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import chainrule.math.Program;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Interpreter: write a program as a class, one loop with every value in a local variable.
 *
 * <p>What is written is, for {@code y = x0·s0 + 1},
 *
 * <pre>
 * float[] x = (float[]) arrays[0], y = (float[]) arrays[1];
 * float s = (float) scalars[0];
 * for (; row &lt; rows; row++) {
 *   int px = at[0] + row·step[0], py = at[1] + row·step[1];
 *   int i = from;
 *   for (; i ≤ to − L; i += L) {
 *     FloatVector v = FloatVector.fromArray(S, x, px + i).mul(broadcast(S, s)).add(broadcast(S, 1));
 *     v.intoArray(y, py + i);
 *   }
 *   if (i &lt; to) {
 *     rest(arrays, at, step, scalars, row, row + 1, i, to);
 *   }
 * }
 * </pre>
 *
 * <p>with {@code rest} the same for single elements: {@code y[py + i] = x[px + i]·s + 1}. It is a
 * method of its own because scalar code branches, and when a branch turns out otherwise than the
 * JIT has assumed, the method around it starts anew in the interpreter; whole vectors never branch.
 *
 * <p>The steps are written once by {@link VectorLanes} and once by {@link ScalarLanes}, in the
 * order of the program, each rounded: nothing is contracted, so the bits are those of its kernels.
 * What is the same for all elements of a row is computed before them.
 */
final class Emit {
  /** HotSpot leaves a method of more bytes to the interpreter. */
  private static final int LONGEST = 8000;

  private static final ClassDesc OBJECTS = CD_Object.arrayType();
  private static final ClassDesc INTS = CD_int.arrayType();

  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void, OBJECTS, INTS, INTS, CD_double.arrayType(), CD_int, CD_int, CD_int, CD_int);

  /** The method that computes what does not fill a vector. */
  private static final String REST = "rest";

  // The variables of Loop.run.
  private static final int ARRAYS = 1;
  private static final int AT = 2;
  private static final int STEP = 3;
  private static final int SCALARS = 4;
  private static final int ROW = 5;
  private static final int ROWS = 6;
  private static final int FROM = 7;
  private static final int TO = 8;

  private final LoopSpec spec;
  private final Program program;
  private final boolean[] varies;
  private final ClassDesc self;
  private final CodeBuilder b;
  private final TypeKind kind;

  /** How many elements a vector has; 0 for a plain loop. */
  private final int lanes;

  /** The variables of the arrays, and of where the row at hand begins in them. */
  private final int[] arrays;

  private final int[] bases;

  private Emit(LoopSpec spec, int lanes, ClassDesc self, CodeBuilder b) {
    this.spec = spec;
    this.program = spec.program();
    this.varies = spec.varying();
    this.lanes = lanes;
    this.self = self;
    this.b = b;
    this.kind = spec.single() ? TypeKind.FLOAT : TypeKind.DOUBLE;
    this.arrays = new int[program.inputs() + program.results().size()];
    this.bases = new int[arrays.length];
  }

  /**
   * The loop of a program.
   *
   * <p>A program that has a step without a form in vectors becomes a plain loop.
   *
   * @throws IllegalArgumentException if the JVM would not compile so long a program
   */
  static Loop loop(LoopSpec spec, LoopTarget target) throws IllegalAccessException {
    byte[] bytes = bytes(spec, target);
    Class<?> loop = target.lookup().defineHiddenClass(bytes, true).lookupClass();
    try {
      return (Loop) loop.getDeclaredConstructor().newInstance();
    } catch (NoSuchMethodException | InstantiationException | InvocationTargetException e) {
      throw new IllegalStateException("an emitted class has a constructor that does nothing", e);
    }
  }

  /** How many elements a vector of the loop has; 0 if it is a plain one. */
  static int lanes(LoopSpec spec, LoopTarget target) {
    boolean vectors = VectorLanes.can(spec.program(), spec.single(), spec.varying());
    return vectors ? target.bits() / (spec.single() ? Float.SIZE : Double.SIZE) : 0;
  }

  /** The class file. */
  static byte[] bytes(LoopSpec spec, LoopTarget target) {
    int lanes = lanes(spec, target);
    ClassDesc self = ClassDesc.of(target.lookup().lookupClass().getPackageName(), "Emitted");
    byte[] bytes =
        ClassFile.of()
            .build(
                self,
                c -> {
                  c.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL);
                  c.withInterfaceSymbols(ScalarLanes.desc(Loop.class));
                  c.withMethodBody(INIT_NAME, MTD_void, ClassFile.ACC_PUBLIC, Emit::nothing);
                  int access = ClassFile.ACC_PUBLIC;
                  if (lanes > 0) {
                    c.withMethodBody(
                        "run", RUN, access, b -> new Emit(spec, lanes, self, b).vectorRows());
                    access = ClassFile.ACC_PRIVATE;
                  }
                  c.withMethodBody(
                      lanes > 0 ? REST : "run",
                      RUN,
                      access,
                      b -> new Emit(spec, 0, self, b).plainRows());
                });
    check(bytes);
    return bytes;
  }

  private static void nothing(CodeBuilder b) {
    b.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_();
  }

  private static void check(byte[] bytes) {
    for (var method : ClassFile.of().parse(bytes).methods()) {
      method
          .code()
          .ifPresent(
              code -> {
                int length = ((CodeAttribute) code).codeLength();
                if (length > LONGEST) {
                  throw new IllegalArgumentException(
                      "a loop of " + length + " bytes; the JVM compiles up to " + LONGEST);
                }
              });
    }
  }

  private boolean used(int array) {
    return array >= program.inputs() || program.reads(array);
  }

  /** Whether an array is used, and has an element for each of a row. */
  private boolean moves(int array) {
    return used(array) && (array >= program.inputs() || varies[array]);
  }

  /** First {@code for (; row > rows; row--);}, which is nothing but turns for the JIT to count. */
  private void vectorRows() {
    Label top = b.newLabel();
    Label end = b.newLabel();
    b.labelBinding(top).iload(ROW).iload(ROWS).if_icmple(end);
    b.iinc(ROW, -1).goto_(top).labelBinding(end);
    rows(this::vectors);
  }

  private void plainRows() {
    rows(this::oneIndex);
  }

  /** A loop over rows that writes for each what {@code row} writes. */
  private void rows(Consumer<ScalarLanes> row) {
    var scalars = new ScalarLanes(b, spec.single(), new int[program.values()]);
    for (int k = 0; k < arrays.length; k++) {
      if (used(k)) {
        array(k);
      }
    }
    for (int s = 0; s < program.scalars(); s++) {
      if (program.reads(program.inputs() + s)) {
        b.aload(SCALARS).loadConstant(s).daload().conversion(TypeKind.DOUBLE, kind);
        scalars.keep(program.inputs() + s);
      }
    }
    Label top = b.newLabel();
    Label end = b.newLabel();
    b.labelBinding(top).iload(ROW).iload(ROWS).if_icmpge(end);
    for (int k = 0; k < arrays.length; k++) {
      if (used(k)) {
        base(k);
      }
    }
    uniform(scalars);
    row.accept(scalars);
    b.iinc(ROW, 1).goto_(top).labelBinding(end).return_();
  }

  private int variable(int from) {
    int to = b.allocateLocal(TypeKind.INT);
    b.iload(from).istore(to);
    return to;
  }

  private void array(int k) {
    arrays[k] = b.allocateLocal(TypeKind.REFERENCE);
    b.aload(ARRAYS).loadConstant(k).aaload();
    b.checkcast((spec.single() ? CD_float : CD_double).arrayType()).astore(arrays[k]);
  }

  private void base(int k) {
    bases[k] = b.allocateLocal(TypeKind.INT);
    b.aload(AT).loadConstant(k).iaload();
    b.aload(STEP).loadConstant(k).iaload().iload(ROW).imul().iadd().istore(bases[k]);
  }

  /** What is the same for all elements of a row, in single numbers. */
  private void uniform(ScalarLanes scalars) {
    for (int v = 0; v < program.inputs(); v++) {
      if (used(v) && !varies[v]) {
        b.aload(arrays[v]).iload(bases[v]).arrayLoad(kind);
        scalars.keep(v);
      }
    }
    for (int k = 0; k < program.instructions().size(); k++) {
      if (!varies[program.valueOf(k)]) {
        scalars.step(program.valueOf(k), program.instructions().get(k));
      }
    }
  }

  /** Whole vectors, and what is left element by element. */
  private void vectors(ScalarLanes scalars) {
    Label top = b.newLabel();
    Label next = b.newLabel();
    Label beyond = b.newLabel();
    Label end = b.newLabel();
    Label done = b.newLabel();
    int i = variable(FROM);
    int last = b.allocateLocal(TypeKind.INT);
    b.iload(TO).loadConstant(lanes).isub().istore(last);
    b.labelBinding(top).iload(i).iload(last).if_icmpgt(end);
    var vectors = new VectorLanes(b, spec.single(), scalars.places(), varies, beyond);
    body(vectors, i);
    if (vectors.canFail()) {
      b.goto_(next).labelBinding(beyond);
      rest(() -> b.iload(i), () -> b.iload(i).loadConstant(lanes).iadd());
      b.labelBinding(next);
    }
    b.iinc(i, lanes).goto_(top).labelBinding(end);
    b.iload(i).iload(TO).if_icmpge(done);
    rest(() -> b.iload(i), () -> b.iload(TO));
    b.labelBinding(done);
  }

  /** Calls the plain loop for some elements of the row at hand. */
  private void rest(Runnable from, Runnable to) {
    b.aload(0).aload(ARRAYS).aload(AT).aload(STEP).aload(SCALARS);
    b.iload(ROW).iload(ROW).iconst_1().iadd();
    from.run();
    to.run();
    b.invokevirtual(self, REST, RUN);
  }

  /** Single elements from i to a variable's value. */
  private void plain(int i, int to, ScalarLanes scalars) {
    Label top = b.newLabel();
    Label end = b.newLabel();
    b.labelBinding(top).iload(i).iload(to).if_icmpge(end);
    body(new ScalarLanes(b, spec.single(), scalars.places()), i);
    b.iinc(i, 1).goto_(top).labelBinding(end);
  }

  /**
   * A plain loop, written twice: where all arrays run from one index, the JIT can prove that it may
   * compute several elements at once.
   */
  private void oneIndex(ScalarLanes scalars) {
    int i = variable(FROM);
    Label apart = b.newLabel();
    Label end = b.newLabel();
    int last = arrays.length - 1;
    for (int k = 0; k < last; k++) {
      if (moves(k)) {
        b.iload(bases[k]).iload(bases[last]).if_icmpne(apart);
      }
    }
    int[] own = bases.clone();
    Arrays.fill(bases, Lanes.NONE);
    int index = b.allocateLocal(TypeKind.INT);
    int stop = b.allocateLocal(TypeKind.INT);
    b.iload(own[last]).iload(i).iadd().istore(index);
    b.iload(own[last]).iload(TO).iadd().istore(stop);
    plain(index, stop, scalars);
    b.goto_(end).labelBinding(apart);
    System.arraycopy(own, 0, bases, 0, own.length);
    plain(i, TO, scalars);
    b.labelBinding(end);
  }

  private void body(Lanes to, int i) {
    for (int v = 0; v < program.inputs(); v++) {
      if (moves(v)) {
        to.load(v, arrays[v], bases[v], i);
      }
    }
    for (int k = 0; k < program.instructions().size(); k++) {
      if (varies[program.valueOf(k)]) {
        to.step(program.valueOf(k), program.instructions().get(k));
      }
    }
    for (int j = 0; j < program.results().size(); j++) {
      int k = program.inputs() + j;
      to.store(program.results().get(j), spec.flushed().get(j), arrays[k], bases[k], i);
    }
  }
}
