package chainrule.internal.kernel;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * Writes calls of the Vector API: each method is one operation on vectors of the preferred width,
 * whose result is kept in a variable of the code that is written.
 *
 * <p>The API is named by its descriptions only, so that this module need not read it.
 */
class VectorCode {
  private static final String API = "jdk.incubator.vector.";
  private static final ClassDesc VECTOR = ClassDesc.of(API + "Vector");
  private static final ClassDesc SPECIES = ClassDesc.of(API + "VectorSpecies");
  private static final ClassDesc MASK = ClassDesc.of(API + "VectorMask");
  private static final ClassDesc OPERATORS = ClassDesc.of(API + "VectorOperators");
  private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
  private static final ClassDesc BINARY = OPERATORS.nested("Binary");
  private static final ClassDesc ASSOCIATIVE = OPERATORS.nested("Associative");
  private static final ClassDesc CONVERSION = OPERATORS.nested("Conversion");

  final CodeBuilder b;
  final boolean single;
  private final ClassDesc numbers;
  private final ClassDesc integers;
  private final ClassDesc element;
  private final ClassDesc bits;

  VectorCode(CodeBuilder b, boolean single) {
    this.b = b;
    this.single = single;
    this.numbers = ClassDesc.of(API + (single ? "FloatVector" : "DoubleVector"));
    this.integers = ClassDesc.of(API + (single ? "IntVector" : "LongVector"));
    this.element = single ? CD_float : CD_double;
    this.bits = single ? CD_int : CD_long;
  }

  /** A vector of numbers: how it gets onto the stack. */
  record V(Runnable push) {}

  /** A vector of integers as wide as the numbers. */
  record I(Runnable push) {}

  /** A truth for each lane. */
  record M(Runnable push) {}

  private Runnable kept() {
    int slot = b.allocateLocal(TypeKind.REFERENCE);
    b.astore(slot);
    return () -> b.aload(slot);
  }

  private void species() {
    b.getstatic(numbers, "SPECIES_PREFERRED", SPECIES);
  }

  private void operator(ClassDesc type, String name) {
    b.getstatic(OPERATORS, name, type);
  }

  // ---------------------------------------------------------------- numbers

  /** The number c in every lane. */
  V all(double c) {
    return new V(
        () -> {
          species();
          if (single) {
            b.loadConstant((float) c);
          } else {
            b.loadConstant(c);
          }
          broadcast();
        });
  }

  /** The number of a variable in every lane. */
  V spread(int slot) {
    return new V(
        () -> {
          species();
          b.loadLocal(single ? TypeKind.FLOAT : TypeKind.DOUBLE, slot);
          broadcast();
        });
  }

  private void broadcast() {
    b.invokestatic(numbers, "broadcast", MethodTypeDesc.of(numbers, SPECIES, element));
  }

  /** The elements that follow {@code base + index}. */
  V read(int array, int base, int index) {
    species();
    b.aload(array).iload(base).iload(index).iadd();
    b.invokestatic(
        numbers, "fromArray", MethodTypeDesc.of(numbers, SPECIES, element.arrayType(), CD_int));
    return new V(kept());
  }

  /** Stores into the elements that follow {@code base + index}. */
  void write(V x, int array, int base, int index) {
    x.push.run();
    b.aload(array).iload(base).iload(index).iadd();
    b.invokevirtual(numbers, "intoArray", MethodTypeDesc.of(CD_void, element.arrayType(), CD_int));
  }

  private V one(String name, V x) {
    x.push.run();
    b.invokevirtual(numbers, name, MethodTypeDesc.of(numbers));
    return new V(kept());
  }

  private V two(String name, V x, V y) {
    x.push.run();
    y.push.run();
    b.invokevirtual(numbers, name, MethodTypeDesc.of(numbers, VECTOR));
    return new V(kept());
  }

  V neg(V x) {
    return one("neg", x);
  }

  V abs(V x) {
    return one("abs", x);
  }

  V sqrt(V x) {
    return one("sqrt", x);
  }

  V add(V x, V y) {
    return two("add", x, y);
  }

  V sub(V x, V y) {
    return two("sub", x, y);
  }

  V mul(V x, V y) {
    return two("mul", x, y);
  }

  V div(V x, V y) {
    return two("div", x, y);
  }

  /** NaN wins; −0 counts as less than 0. */
  V max(V x, V y) {
    return two("max", x, y);
  }

  /** NaN wins; −0 counts as less than 0. */
  V min(V x, V y) {
    return two("min", x, y);
  }

  /** {@code x·y + z}, rounded once. */
  V fma(V x, V y, V z) {
    x.push.run();
    y.push.run();
    z.push.run();
    b.invokevirtual(numbers, "fma", MethodTypeDesc.of(numbers, VECTOR, VECTOR));
    return new V(kept());
  }

  /**
   * Compares lane by lane.
   *
   * @param how LT, LE, GT, GE, EQ or NE
   */
  M compare(String how, V x, V y) {
    x.push.run();
    operator(COMPARISON, how);
    y.push.run();
    b.invokevirtual(numbers, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
    return new M(kept());
  }

  M compare(String how, V x, double c) {
    return compare(how, x, all(c));
  }

  M and(M x, M y) {
    x.push.run();
    y.push.run();
    b.invokevirtual(MASK, "and", MethodTypeDesc.of(MASK, MASK));
    return new M(kept());
  }

  /** {@code condition ? x : y} in every lane. */
  V choose(M condition, V x, V y) {
    y.push.run();
    x.push.run();
    condition.push.run();
    b.invokevirtual(numbers, "blend", MethodTypeDesc.of(numbers, VECTOR, MASK));
    return new V(kept());
  }

  V choose(M condition, double x, V y) {
    return choose(condition, all(x), y);
  }

  /** Pushes whether the condition holds in all lanes. */
  void allTrue(M condition) {
    condition.push.run();
    b.invokevirtual(MASK, "allTrue", MethodTypeDesc.of(CD_boolean));
  }

  // ---------------------------------------------------------------- their bits

  /** The bits of numbers. */
  I bits(V x) {
    x.push.run();
    b.invokevirtual(
        numbers, single ? "reinterpretAsInts" : "reinterpretAsLongs", MethodTypeDesc.of(integers));
    return new I(kept());
  }

  /** The numbers that have these bits. */
  V ofBits(I k) {
    k.push.run();
    b.invokevirtual(
        integers,
        single ? "reinterpretAsFloats" : "reinterpretAsDoubles",
        MethodTypeDesc.of(numbers));
    return new V(kept());
  }

  /** Integers of 32 bits as the F32 nearest to them. */
  V rounded(I k) {
    k.push.run();
    operator(CONVERSION, "I2F");
    species();
    b.iconst_0();
    b.invokevirtual(
        integers, "convertShape", MethodTypeDesc.of(VECTOR, CONVERSION, SPECIES, CD_int));
    b.checkcast(numbers);
    return new V(kept());
  }

  private void number(long c) {
    if (single) {
      b.loadConstant((int) c);
    } else {
      b.loadConstant(c);
    }
  }

  I and(I k, long c) {
    k.push.run();
    number(c);
    b.invokevirtual(integers, "and", MethodTypeDesc.of(integers, bits));
    return new I(kept());
  }

  I add(I k, long c) {
    k.push.run();
    number(c);
    b.invokevirtual(integers, "add", MethodTypeDesc.of(integers, bits));
    return new I(kept());
  }

  I sub(I k, I j) {
    k.push.run();
    j.push.run();
    b.invokevirtual(integers, "sub", MethodTypeDesc.of(integers, VECTOR));
    return new I(kept());
  }

  I xor(I k, I j) {
    k.push.run();
    operator(ASSOCIATIVE, "XOR");
    j.push.run();
    b.invokevirtual(integers, "lanewise", MethodTypeDesc.of(integers, BINARY, VECTOR));
    return new I(kept());
  }

  I shiftLeft(I k, int by) {
    return shift("LSHL", k, by);
  }

  /** Keeps the sign. */
  I shiftRight(I k, int by) {
    return shift("ASHR", k, by);
  }

  private I shift(String how, I k, int by) {
    k.push.run();
    operator(BINARY, how);
    number(by);
    b.invokevirtual(integers, "lanewise", MethodTypeDesc.of(integers, BINARY, bits));
    return new I(kept());
  }

  /** Where an integer is 0, for lanes of numbers. */
  M isZero(I k) {
    k.push.run();
    operator(COMPARISON, "EQ");
    number(0);
    b.invokevirtual(integers, "compare", MethodTypeDesc.of(MASK, COMPARISON, bits));
    species();
    b.invokevirtual(MASK, "cast", MethodTypeDesc.of(MASK, SPECIES));
    return new M(kept());
  }
}
