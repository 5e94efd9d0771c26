package chainrule.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The readings of the table: numbers, dual numbers, formulas, and what a slope reads. */
class InterpretersTest {
  private static final Formula X = Formula.of("x");
  private static final Formula Y = Formula.of("y");

  @Test
  void realNumbersEvaluate() {
    assertThat(new Real(0.5).tanh().square().value()).isCloseTo(0.213552267, within(1e-9));
    assertThat(new Real(3).clamp(-1, 2).value()).isEqualTo(2);
    assertThat(new Real(-3).relu6().value()).isZero();
    assertThat(new Real(1).lerp(new Real(5), 0.25).value()).isEqualTo(2);
    assertThat(new Real(3).sub(1).mul(4).div(2).add(0.5).pow(2).value()).isEqualTo(20.25);
    assertThat(new Real(3).ge(3).value()).isEqualTo(1);
    assertThat(new Real(3).ne(3).value()).isZero();
    assertThatThrownBy(() -> new Real(0).clamp(2, 1))
        .hasMessage("clamp: lower bound 2.0 exceeds upper bound 1.0");
    assertThatThrownBy(() -> new Real(0).clamp(Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void dualNumbersNestToSecondDerivatives() {
    var inner = new Dual<>(new Real(3), new Real(1));
    var one = new Dual<>(new Real(1), new Real(0));
    var x = new Dual<>(inner, one);
    var y = x.mul(x).mul(x);
    assertThat(y.value().value().value()).isEqualTo(27);
    assertThat(y.tangent().value().value()).isEqualTo(27);
    assertThat(y.tangent().tangent().value()).isEqualTo(18);
  }

  @Test
  void formulasReadAsMathematicsDoes() {
    assertThat(X.add(1).mul(X).text()).isEqualTo("(x + 1)·x");
    assertThat(X.sub(X.sub(1)).text()).isEqualTo("x − (x − 1)");
    assertThat(X.div(X.mul(2)).text()).isEqualTo("x/(x·2)");
    assertThat(X.neg().square().text()).isEqualTo("(−x)²");
    assertThat(X.square().neg().text()).isEqualTo("−x²");
    assertThat(X.mul(X.neg()).text()).isEqualTo("x·(−x)");
    assertThat(X.square().neg().exp().text()).isEqualTo("e^(−x²)");
    assertThat(X.sigmoid().text()).isEqualTo("σ(x)");
    assertThat(X.add(1).log().text()).isEqualTo("ln(x + 1)");
    assertThat(X.gt(0).select(X, X.mul(0.01)).text()).isEqualTo("(x if x > 0 else x·0.01)");
    assertThat(Formula.number(-2.50).text()).isEqualTo("−2.5");
    assertThat(Formula.number(Double.NEGATIVE_INFINITY).text()).isEqualTo("−∞");
    assertThat(Formula.number(1e300).text()).isEqualTo("1.0E300");
  }

  @Test
  void formulasPrintAsLatex() {
    assertThat(Unary.TANH.slope(X, Y).latex()).isEqualTo("1 - y^2");
    assertThat(X.sqrt().reciprocal().latex()).isEqualTo("\\frac{1}{\\sqrt{x}}");
    assertThat(X.div(X.add(1)).latex()).isEqualTo("\\frac{x}{x + 1}");
    assertThat(X.ge(Y).latex()).isEqualTo("x \\ge y");
  }

  @Test
  void probesFindWhatASlopeReads() {
    assertThat(Probe.reads(Unary.TANH)).isEqualTo(Probe.Y);
    assertThat(Probe.reads(Unary.SQUARE)).isEqualTo(Probe.A);
    assertThat(Probe.reads(Unary.NEG)).isZero();
    assertThat(Probe.reads(Unary.FLOOR)).isZero();
    assertThat(Probe.readsForA(Binary.MUL)).isEqualTo(Probe.B);
    assertThat(Probe.readsForB(Binary.MUL)).isEqualTo(Probe.A);
    assertThat(Probe.readsForA(Binary.ADD)).isZero();
    assertThat(Probe.readsForB(Binary.DIV)).isEqualTo(Probe.B | Probe.Y);
    assertThat(Probe.readsForA(Binary.POW)).isEqualTo(Probe.A | Probe.B);
  }

  @Test
  void domainsKeepAwayFromSingularities() {
    Domain d = Domain.REAL.except(0, 1).margin(0.25);
    assertThat(d.contains(0.2)).isFalse();
    assertThat(d.contains(0.5)).isTrue();
    assertThat(d.contains(3.01)).isFalse();
    assertThat(d.contains(Double.NaN)).isFalse();
    var random = new Philox(3);
    for (int i = 0; i < 1000; i++) {
      assertThat(d.contains(d.sample(random))).isTrue();
    }
  }

  @Test
  void namesAreThoseOfTheMethods() {
    assertThat(Composite.LOG_SIGMOID.call()).isEqualTo("logSigmoid");
    assertThat(Unary.LOG1P.call()).isEqualTo("log1p");
    assertThat(Binary.MAX.call()).isEqualTo("maximum");
  }
}
