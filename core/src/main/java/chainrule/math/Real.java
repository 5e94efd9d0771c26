package chainrule.math;

/**
 * Interpreter: evaluate, in double precision.
 *
 * @param value the number
 */
public record Real(double value) implements Num<Real> {
  @Override
  public Real map(Unary f) {
    return new Real(f.value(value));
  }

  @Override
  public Real zip(Binary f, Real other) {
    return new Real(f.value(value, other.value));
  }

  @Override
  public Real select(Real ifTrue, Real ifFalse) {
    return value != 0 ? ifTrue : ifFalse;
  }

  @Override
  public Real constant(double c) {
    return new Real(c);
  }
}
