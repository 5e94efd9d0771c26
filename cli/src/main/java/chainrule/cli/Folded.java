package chainrule.cli;

import chainrule.math.Binary;
import chainrule.math.Formula;
import chainrule.math.Num;
import chainrule.math.Unary;
import org.jspecify.annotations.Nullable;

/**
 * Interpreter: print a formula in which what is made of numbers alone is computed, so that the
 * slope of {@code x³} reads {@code 3·x²} and not as the general power's.
 *
 * @param formula the formula
 * @param number its value, if there is no name in it
 */
record Folded(Formula formula, @Nullable Double number) implements Num<Folded> {

  static Folded of(Formula name) {
    return new Folded(name, null);
  }

  static Folded number(double c) {
    return new Folded(Formula.number(c), c);
  }

  @Override
  public Folded map(Unary f) {
    return number != null ? number(f.value(number)) : of(formula.map(f));
  }

  @Override
  public Folded zip(Binary f, Folded b) {
    return number != null && b.number != null
        ? number(f.value(number, b.number))
        : of(formula.zip(f, b.formula));
  }

  @Override
  public Folded select(Folded ifTrue, Folded ifFalse) {
    if (number != null) {
      return number != 0 ? ifTrue : ifFalse;
    }
    return of(formula.select(ifTrue.formula, ifFalse.formula));
  }

  @Override
  public Folded constant(double c) {
    return number(c);
  }
}
