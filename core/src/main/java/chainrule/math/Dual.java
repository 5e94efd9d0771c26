package chainrule.math;

/**
 * Interpreter: differentiate forward, carrying a value and its tangent (Clifford 1873; Wengert
 * 1964).
 *
 * <p>The two parts are numbers of any kind, so dual numbers nest: a {@code Dual<Dual<Real>>}
 * carries second derivatives.
 *
 * <pre>{@code
 * var x = new Dual<>(new Real(3), new Real(1));
 * x.mul(x).mul(x).tangent().value();   // 27
 * }</pre>
 *
 * @param value the value
 * @param tangent its derivative in the direction that the inputs' tangents name
 */
public record Dual<E extends Num<E>>(E value, E tangent) implements Num<Dual<E>> {
  @Override
  public Dual<E> map(Unary f) {
    E y = value.map(f);
    return new Dual<>(y, f.flat() ? y.constant(0) : f.pull(tangent, value, y));
  }

  @Override
  public Dual<E> zip(Binary f, Dual<E> other) {
    E y = value.zip(f, other.value);
    E fromA = f.pullA(tangent, value, other.value, y);
    E fromB = f.pullB(other.tangent, value, other.value, y);
    return new Dual<>(y, fromA.add(fromB));
  }

  @Override
  public Dual<E> select(Dual<E> ifTrue, Dual<E> ifFalse) {
    return new Dual<>(
        value.select(ifTrue.value, ifFalse.value), value.select(ifTrue.tangent, ifFalse.tangent));
  }

  @Override
  public Dual<E> constant(double c) {
    return new Dual<>(value.constant(c), value.constant(0));
  }
}
