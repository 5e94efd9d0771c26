package chainrule.parity;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.internal.kernel.KernelChoice;
import chainrule.internal.kernel.Kernels;
import chainrule.math.Philox;
import chainrule.tensor.DType;
import java.util.function.IntToDoubleFunction;

/**
 * One precision, with its arrays and its arithmetic seen through doubles.
 *
 * <p>A sum, product or quotient of two floats computed in double and rounded once is the float
 * result, so references need no second copy for F32.
 */
abstract class Kind<A> {
  static final int[] SIZES = {0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 65, 100, 1023};

  private static final double[] SPECIAL = {
    Double.NaN, 0.0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1, -1
  };

  static final Kind<float[]> F32 =
      new Kind<>(KernelChoice.F32, DType.F32) {
        @Override
        float[] array(int n) {
          return new float[n];
        }

        @Override
        double at(float[] a, int i) {
          return a[i];
        }

        @Override
        void put(float[] a, int i, double v) {
          a[i] = (float) v;
        }

        @Override
        double round(double v) {
          return (float) v;
        }

        @Override
        double fma(double a, double b, double c) {
          return Math.fma((float) a, (float) b, (float) c);
        }

        @Override
        double tiny() {
          return Float.MIN_VALUE;
        }
      };

  static final Kind<double[]> F64 =
      new Kind<>(KernelChoice.F64, DType.F64) {
        @Override
        double[] array(int n) {
          return new double[n];
        }

        @Override
        double at(double[] a, int i) {
          return a[i];
        }

        @Override
        void put(double[] a, int i, double v) {
          a[i] = v;
        }

        @Override
        double round(double v) {
          return v;
        }

        @Override
        double fma(double a, double b, double c) {
          return Math.fma(a, b, c);
        }

        @Override
        double tiny() {
          return Double.MIN_VALUE;
        }
      };

  final Kernels<A> kernels;
  final DType dtype;

  private Kind(Kernels<A> kernels, DType dtype) {
    this.kernels = kernels;
    this.dtype = dtype;
  }

  abstract A array(int n);

  abstract double at(A a, int i);

  abstract void put(A a, int i, double v);

  abstract double round(double v);

  abstract double fma(double a, double b, double c);

  abstract double tiny();

  /** Ordinary numbers of several magnitudes. */
  A numbers(String purpose, int n) {
    var random = new Philox(9, purpose, n, 0);
    A out = array(n);
    for (int i = 0; i < n; i++) {
      put(out, i, random.nextGaussian() * (i % 11 == 3 ? 1e3 : i % 7 == 2 ? 1e-3 : 1));
    }
    return out;
  }

  /** Ordinary numbers with NaN, zeros of both signs, infinities and subnormals among them. */
  A awkward(String purpose, int n) {
    var random = new Philox(10, purpose, n, 0);
    A out = numbers(purpose, n);
    for (int i = 0; i < n; i++) {
      int pick = random.nextInt(24);
      if (pick < SPECIAL.length) {
        put(out, i, SPECIAL[pick]);
      } else if (pick < 10) {
        put(out, i, tiny() * (pick == 9 ? -12345 : 1 + random.nextInt(1000)));
      }
    }
    return out;
  }

  A copy(A a, int n) {
    A out = array(n);
    System.arraycopy(a, 0, out, 0, n);
    return out;
  }

  /** Equal bits, all NaNs counting as one. */
  void same(A actual, int n, IntToDoubleFunction expected) {
    for (int i = 0; i < n; i++) {
      long got = Double.doubleToLongBits(at(actual, i));
      double want = expected.applyAsDouble(i);
      if (got != Double.doubleToLongBits(want)) {
        assertThat(at(actual, i)).as(this + " element " + i + " of " + n).isEqualTo(want);
        throw new AssertionError(
            this + " element " + i + " of " + n + ": " + at(actual, i) + ", not " + want);
      }
    }
  }

  @Override
  public String toString() {
    return dtype.name().toLowerCase(java.util.Locale.ROOT);
  }
}
