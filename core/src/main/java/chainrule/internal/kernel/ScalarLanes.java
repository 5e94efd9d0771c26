package chainrule.internal.kernel;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;

import chainrule.math.Binary;
import chainrule.math.Program;
import chainrule.math.Unary;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.Locale;

/**
 * Steps on single numbers, as {@link ScalarF32} and {@link ScalarF64} do them: arithmetic in place,
 * other functions by a call.
 */
final class ScalarLanes implements Lanes {
  private static final ClassDesc MATH = desc(Math.class);
  private static final ClassDesc FLOAT_MATH = desc(FloatMath.class);
  private static final ClassDesc UNARY = desc(Unary.class);
  private static final ClassDesc BINARY = desc(Binary.class);

  private final CodeBuilder b;
  private final boolean single;
  private final TypeKind kind;
  private final ClassDesc type;

  /** The variable of each value that was computed. */
  private final int[] place;

  /** Writes to {@code b}; goes on from the values that are in {@code place}. */
  ScalarLanes(CodeBuilder b, boolean single, int[] place) {
    this.b = b;
    this.single = single;
    this.kind = single ? TypeKind.FLOAT : TypeKind.DOUBLE;
    this.type = single ? CD_float : CD_double;
    this.place = place.clone();
  }

  static ClassDesc desc(Class<?> c) {
    return c.describeConstable().orElseThrow();
  }

  /** The variables of the values so far. */
  int[] places() {
    return place;
  }

  /** Takes what is on the stack as value {@code v}. */
  void keep(int v) {
    place[v] = b.allocateLocal(kind);
    b.storeLocal(kind, place[v]);
  }

  private void push(int v) {
    b.loadLocal(kind, place[v]);
  }

  private static void number(CodeBuilder to, boolean single, double c) {
    if (single) {
      to.loadConstant((float) c);
    } else {
      to.loadConstant(c);
    }
  }

  private void number(double c) {
    number(b, single, c);
  }

  /** Calls a method on so many numbers, all of the type in which the loop computes. */
  private void call(ClassDesc owner, String name, int arguments) {
    ClassDesc[] types = new ClassDesc[arguments];
    Arrays.fill(types, type);
    b.invokestatic(owner, name, MethodTypeDesc.of(type, types));
  }

  @Override
  public void load(int v, int array, int base, int index) {
    b.aload(array);
    index(base, index);
    b.arrayLoad(kind);
    keep(v);
  }

  private void index(int base, int index) {
    b.iload(index);
    if (base != Lanes.NONE) {
      b.iload(base).iadd();
    }
  }

  @Override
  public void step(int v, Program.Instruction instruction) {
    switch (instruction) {
      case Program.Constant(var c) -> number(c);
      case Program.Map(var f, var x) -> map(f, x);
      case Program.Zip(var f, var x, var y) -> zip(f, x, y);
      case Program.Select(var c, var x, var y) -> {
        push(c);
        number(0);
        compare(true);
        b.ifThenElse(
            Opcode.IFNE,
            then -> then.loadLocal(kind, place[x]),
            otherwise -> otherwise.loadLocal(kind, place[y]));
      }
    }
    keep(v);
  }

  private void map(Unary f, int x) {
    switch (f) {
      case NEG -> {
        push(x);
        if (single) {
          b.fneg();
        } else {
          b.dneg();
        }
      }
      case ABS -> {
        push(x);
        call(MATH, "abs", 1);
      }
      case SQUARE -> arithmetic(Binary.MUL, () -> push(x), () -> push(x));
      case RECIPROCAL -> arithmetic(Binary.DIV, () -> number(1), () -> push(x));
      case RELU -> {
        push(x);
        number(0);
        call(MATH, "max", 2);
      }
      case SIGN -> {
        push(x);
        call(MATH, "signum", 1);
      }
      case SQRT, FLOOR, CEIL -> inDouble(MATH, f.call(), x);
      case ROUND -> inDouble(MATH, "rint", x);
      case EXP, LOG, TANH, SIGMOID, ERF, SIN, COS -> {
        if (single) {
          push(x);
          call(FLOAT_MATH, f.name().toLowerCase(Locale.ROOT), 1);
        } else {
          table(f, x);
        }
      }
      default -> table(f, x);
    }
  }

  /** A function of F64, rounded where the loop computes in F32. */
  private void inDouble(ClassDesc owner, String name, int x) {
    wide(x);
    b.invokestatic(owner, name, MethodTypeDesc.of(CD_double, CD_double));
    narrow();
  }

  /** The table's value. */
  private void table(Unary f, int x) {
    b.getstatic(UNARY, f.name(), UNARY);
    wide(x);
    b.invokevirtual(UNARY, "value", MethodTypeDesc.of(CD_double, CD_double));
    narrow();
  }

  private void wide(int v) {
    push(v);
    b.conversion(kind, TypeKind.DOUBLE);
  }

  private void narrow() {
    b.conversion(TypeKind.DOUBLE, kind);
  }

  private void zip(Binary f, int x, int y) {
    switch (f) {
      case ADD, SUB, MUL, DIV -> arithmetic(f, () -> push(x), () -> push(y));
      case MAX, MIN -> {
        push(x);
        push(y);
        call(MATH, f.name().toLowerCase(Locale.ROOT), 2);
      }
      // the comparison that NaN fails
      case GT -> test(x, y, true, Opcode.IFGT);
      case GE -> test(x, y, true, Opcode.IFGE);
      case LT -> test(x, y, false, Opcode.IFLT);
      case LE -> test(x, y, false, Opcode.IFLE);
      case EQ -> test(x, y, true, Opcode.IFEQ);
      case NE -> test(x, y, true, Opcode.IFNE);
      case POW, ATAN2 -> {
        b.getstatic(BINARY, f.name(), BINARY);
        wide(x);
        wide(y);
        b.invokevirtual(BINARY, "value", MethodTypeDesc.of(CD_double, CD_double, CD_double));
        narrow();
      }
    }
  }

  private void arithmetic(Binary f, Runnable x, Runnable y) {
    x.run();
    y.run();
    switch (f) {
      case ADD -> b.with(operator(Opcode.FADD, Opcode.DADD));
      case SUB -> b.with(operator(Opcode.FSUB, Opcode.DSUB));
      case MUL -> b.with(operator(Opcode.FMUL, Opcode.DMUL));
      case DIV -> b.with(operator(Opcode.FDIV, Opcode.DDIV));
      default -> throw new IllegalArgumentException(f + " is no arithmetic");
    }
  }

  private OperatorInstruction operator(Opcode f32, Opcode f64) {
    return OperatorInstruction.of(single ? f32 : f64);
  }

  /** 1 if the comparison of x and y passes, else 0. */
  private void test(int x, int y, boolean less, Opcode passes) {
    push(x);
    push(y);
    compare(less);
    b.ifThenElse(passes, then -> number(then, single, 1), no -> number(no, single, 0));
  }

  /** −1, 0 or 1; a NaN counts as less, or as greater. */
  private void compare(boolean less) {
    b.with(less ? operator(Opcode.FCMPL, Opcode.DCMPL) : operator(Opcode.FCMPG, Opcode.DCMPG));
  }

  @Override
  public void store(int v, boolean flushed, int array, int base, int index) {
    int from = place[v];
    if (flushed && single) {
      from = flushed(v);
    }
    b.aload(array);
    index(base, index);
    b.loadLocal(kind, from).arrayStore(kind);
  }

  /** The number, or 0 if it is subnormal, in a variable. */
  private int flushed(int v) {
    int to = b.allocateLocal(kind);
    push(v);
    b.storeLocal(kind, to);
    push(v);
    call(MATH, "abs", 1);
    number(Float.MIN_NORMAL);
    compare(false);
    b.ifThen(
        Opcode.IFLT,
        small -> {
          small.loadLocal(kind, place[v]).loadConstant(0f).fcmpl();
          small.ifThen(Opcode.IFNE, zero -> zero.loadConstant(0f).storeLocal(kind, to));
        });
    return to;
  }
}
