package chainrule.tensor;

import java.util.Locale;

/**
 * Prints a tensor as NumPy does: nested brackets, aligned columns, the middle of long ones left
 * out.
 */
final class Text {
  private static final int EDGE = 3;
  private static final int LIMIT = 1000;

  private final Tensor tensor;
  private final boolean shorten;
  private final StringBuilder out = new StringBuilder();
  private int width;

  private Text(Tensor tensor) {
    this.tensor = tensor;
    this.shorten = tensor.size() > LIMIT;
  }

  static String of(Tensor tensor) {
    if (tensor.rank() == 0) {
      return number(tensor.dtype(), tensor.at(0));
    }
    var text = new Text(tensor);
    text.measure(0, 0);
    text.write(0, 0);
    return text.out.toString();
  }

  private static String number(DType dtype, double v) {
    if (dtype == DType.I32) {
      return Integer.toString((int) v);
    }
    if (v == 0 || Double.isNaN(v) || Double.isInfinite(v)) {
      return Double.isNaN(v) ? "nan" : v == 0 ? "0." : v > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(v);
    if (size >= 1e6 || size < 1e-4) {
      return String.format(Locale.ROOT, "%.4e", v);
    }
    String s = String.format(Locale.ROOT, "%.4f", v);
    int end = s.length();
    while (s.charAt(end - 1) == '0') {
      end--;
    }
    return s.substring(0, end);
  }

  private boolean hidden(int i, int n) {
    return shorten && n > 2 * EDGE && i >= EDGE && i < n - EDGE;
  }

  private void measure(int dim, int offset) {
    int n = tensor.size(dim);
    int step = tensor.shape().span(dim + 1, tensor.rank());
    for (int i = 0; i < n; i++) {
      if (hidden(i, n)) {
        continue;
      }
      if (dim == tensor.rank() - 1) {
        width = Math.max(width, number(tensor.dtype(), tensor.at(offset + i)).length());
      } else {
        measure(dim + 1, offset + i * step);
      }
    }
  }

  private void write(int dim, int offset) {
    int n = tensor.size(dim);
    int step = tensor.shape().span(dim + 1, tensor.rank());
    boolean last = dim == tensor.rank() - 1;
    out.append('[');
    for (int i = 0; i < n; i++) {
      boolean skipped = hidden(i, n);
      if (skipped && i > EDGE) {
        continue;
      }
      if (i > 0) {
        out.append(',').append(last ? " " : "\n" + " ".repeat(dim + 1));
      }
      if (skipped) {
        out.append("...");
      } else if (last) {
        String s = number(tensor.dtype(), tensor.at(offset + i));
        out.append(" ".repeat(width - s.length())).append(s);
      } else {
        write(dim + 1, offset + i * step);
      }
    }
    out.append(']');
  }
}
