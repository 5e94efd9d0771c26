package chainrule.examples;

import static java.util.Locale.ROOT;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradCheck;
import chainrule.math.Philox;
import chainrule.tensor.CustomOp;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * {@code 05-your-own-op}: an operation that the library does not have, with derivatives of every
 * order from one line, and checked like the library's own.
 */
public final class E05YourOwnOp {
  private E05YourOwnOp() {}

  /**
   * {@code ln cosh x}, a loss that is quadratic near 0 and linear far away; its slope is tanh x.
   */
  record LogCosh() implements CustomOp {
    static Tensor of(Tensor x) {
      return Tensor.apply(new LogCosh(), x);
    }

    @Override
    public String name() {
      return "logCosh";
    }

    @Override
    public Shape shape(Shape... in) {
      return in[0];
    }

    /** cosh overflows beyond 710; {@code |x| + ln(1 + e^(−2|x|)) − ln 2} does not. */
    @Override
    public Tensor forward(Tensor... x) {
      Tensor size = x[0].abs();
      return size.add(size.mul(-2).exp().log1p()).sub(StrictMath.log(2));
    }

    /** In tensor code, so that it can be differentiated in turn. */
    @Override
    public Tensor[] backward(Tensor g, Tensor y, Tensor... x) {
      return new Tensor[] {g.mul(x[0].tanh())};
    }

    /** Where to test it: an operation without an example does not compile. */
    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Tensor.randn(DType.F64, random, 2, 3));
    }
  }

  /** Prints values, two orders of derivatives, and the check of both. */
  public static void main(String[] args) {
    Parameter x = Tensor.of(-1000.0, -1.0, 0.0, 1.0, 1000.0).requiresGrad("x");
    System.out.println("x               " + x.value());
    System.out.println("x.cosh().log()  " + x.value().cosh().log() + "   overflows");

    Tensor y = LogCosh.of(x);
    Tensor slope = Autograd.grad(y.sum(), x, Autograd.createGraph());
    Tensor curvature = Autograd.grad(slope.sum(), x);
    System.out.println("logCosh         " + y);
    System.out.println("its slope       " + slope + "   tanh x");
    System.out.println("its curvature   " + curvature + "   1 − tanh² x, which nobody wrote down");

    var report = GradCheck.check(LogCosh::of, new LogCosh().example(new Philox(1)).getFirst());
    System.out.printf(ROOT, "against differences of its values: error %.1e%n", report.order1());
    System.out.printf(ROOT, "against differences of its slope:  error %.1e%n", report.order2());
  }
}
