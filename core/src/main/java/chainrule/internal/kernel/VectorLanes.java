package chainrule.internal.kernel;

import chainrule.math.Binary;
import chainrule.math.Program;
import chainrule.math.Unary;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import org.jspecify.annotations.Nullable;

/** Steps on as many elements as a vector holds. */
final class VectorLanes extends VectorMath implements Lanes {
  private final @Nullable V[] values;

  /** The results of comparisons: they become numbers only where they are used as numbers. */
  private final @Nullable M[] truths;

  /**
   * Writes to {@code b}.
   *
   * @param uniform the variables of the values that are the same for all elements
   * @param varies which values are not
   * @param beyond where to go when the elements at hand must be computed one by one
   */
  VectorLanes(CodeBuilder b, boolean single, int[] uniform, boolean[] varies, Label beyond) {
    super(b, single, beyond);
    this.values = new @Nullable V[varies.length];
    this.truths = new @Nullable M[varies.length];
    for (int v = 0; v < varies.length; v++) {
      if (!varies[v]) {
        values[v] = spread(uniform[v]);
      }
    }
  }

  /** Whether every step of a program that differs from element to element can be written. */
  static boolean can(Program program, boolean single, boolean[] varies) {
    for (int k = 0; k < program.instructions().size(); k++) {
      if (varies[program.valueOf(k)]) {
        boolean can =
            switch (program.instructions().get(k)) {
              case Program.Map(var f, var _) -> can(f, single);
              case Program.Zip(var f, var _, var _) -> f != Binary.POW && f != Binary.ATAN2;
              case Program.Constant _, Program.Select _ -> true;
            };
        if (!can) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean can(Unary f, boolean single) {
    return switch (f) {
      case NEG, ABS, SIGN, SQUARE, SQRT, RECIPROCAL, RELU, FLOOR, CEIL, ROUND -> true;
      case EXP, LOG, TANH, SIGMOID, ERF, SIN, COS -> single;
      case RSQRT -> !single;
      default -> false;
    };
  }

  @Override
  public void load(int v, int array, int base, int index) {
    values[v] = read(array, base, index);
  }

  @Override
  public void step(int v, Program.Instruction instruction) {
    switch (instruction) {
      case Program.Constant(var c) -> values[v] = all(c);
      case Program.Map(var f, var x) -> values[v] = map(f, value(x));
      case Program.Zip zip -> zip(v, zip.f(), value(zip.a()), value(zip.b()));
      case Program.Select(var c, var x, var y) -> {
        M truth = truths[c];
        values[v] = choose(truth == null ? compare("NE", value(c), 0) : truth, value(x), value(y));
      }
    }
  }

  private V value(int v) {
    V value = values[v];
    M truth = truths[v];
    if (value == null && truth != null) {
      value = choose(truth, 1, all(0));
      values[v] = value;
    }
    if (value == null) {
      throw new IllegalStateException("value " + v + " is not there");
    }
    return value;
  }

  private V map(Unary f, V x) {
    return switch (f) {
      case NEG -> neg(x);
      case ABS -> abs(x);
      case SIGN -> choose(compare("LT", x, 0), -1, choose(compare("GT", x, 0), 1, x));
      case SQUARE -> mul(x, x);
      case SQRT -> sqrt(x);
      case RSQRT -> div(all(1), sqrt(x));
      case RECIPROCAL -> div(all(1), x);
      case RELU -> choose(compare("LE", x, 0), 0, x);
      case EXP -> exp(x);
      case LOG -> log(x);
      case TANH -> tanh(x);
      case SIGMOID -> sigmoid(x);
      case ERF -> erf(x);
      case SIN -> sin(x);
      case COS -> cos(x);
      case FLOOR -> floor(x);
      case CEIL -> ceil(x);
      case ROUND -> round(x);
      default -> throw new IllegalArgumentException(f + " is not written in vectors");
    };
  }

  private void zip(int v, Binary f, V x, V y) {
    switch (f) {
      case ADD -> values[v] = add(x, y);
      case SUB -> values[v] = sub(x, y);
      case MUL -> values[v] = mul(x, y);
      case DIV -> values[v] = div(x, y);
      case MAX -> values[v] = max(x, y);
      case MIN -> values[v] = min(x, y);
      case GT, GE, LT, LE, EQ, NE -> truths[v] = compare(f.name(), x, y);
      case POW, ATAN2 -> throw new IllegalArgumentException(f + " is not written in vectors");
    }
  }

  @Override
  public void store(int v, boolean flushed, int array, int base, int index) {
    V x = value(v);
    if (flushed && single) {
      M subnormal = and(compare("LT", abs(x), Float.MIN_NORMAL), compare("NE", x, 0));
      x = choose(subnormal, 0, x);
    }
    write(x, array, base, index);
  }
}
