package chainrule.nn;

import static java.util.Locale.ROOT;

import chainrule.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link Summary} as a table of text. */
final class SummaryText {
  private static final int COLUMNS = 100;
  private static final String[] HEADER = {"layer", "output", "parameters", "FLOPs", "memory"};

  private SummaryText() {}

  /**
   * The table.
   *
   * @param batch the first size of the input, which is printed as N
   */
  static String of(Summary summary, int batch) {
    List<String[]> lines = new ArrayList<>(List.<String[]>of(HEADER));
    for (Summary.Row row : summary.rows()) {
      lines.add(
          new String[] {
            layer(row),
            shape(row.output(), batch),
            row.again() ? "shared" : row.parameters() == 0 ? "" : number(row.parameters()),
            row.flops() == 0 ? "" : scaled(row.flops(), ""),
            row.bytes() == 0 ? "" : memory(row.bytes())
          });
    }
    int[] widths = new int[HEADER.length];
    int others = 0;
    for (int c = HEADER.length - 1; c >= 0; c--) {
      for (String[] line : lines) {
        widths[c] = Math.max(widths[c], line[c].length());
      }
      others += c > 0 ? widths[c] + 2 : 0;
    }
    widths[0] = Math.clamp(widths[0], 10, Math.max(10, COLUMNS - others));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < widths.length; c++) {
        line.append(cell(lines.get(i)[c], widths[c], c < 2)).append(c == 4 ? "" : "  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
      if (i == 0) {
        text.repeat("─", Math.min(COLUMNS, widths[0] + others)).append('\n');
      }
    }
    return text.append(totals(summary)).toString();
  }

  private static String totals(Summary s) {
    String kept =
        s.buffers() == 0 ? "" : ", %s numbers kept beside them".formatted(number(s.buffers()));
    return """

    parameters   %s (%s): %s trained, %s frozen%s
    forward      %s FLOPs, %s of results\
    """
        .formatted(
            number(s.parameters()),
            memory(s.parameterBytes()),
            number(s.trained()),
            number(s.frozen()),
            kept,
            scaled(s.flops(), ""),
            memory(s.activationBytes()));
  }

  private static String layer(Summary.Row row) {
    String name = row.name().isEmpty() ? row.type() : row.name() + " " + row.type();
    return "  ".repeat(row.depth()) + name;
  }

  private static String shape(@Nullable Shape output, int batch) {
    if (output == null) {
      return "–";
    }
    String text = output.toString();
    return output.rank() > 0 && output.dim(0) == batch
        ? "N" + text.substring(Integer.toString(batch).length())
        : text;
  }

  private static String cell(String text, int width, boolean left) {
    String cut = text.length() > width ? text.substring(0, width - 1) + "…" : text;
    String blanks = " ".repeat(width - cut.length());
    return left ? cut + blanks : blanks + cut;
  }

  private static String number(long n) {
    return String.format(ROOT, "%,d", n);
  }

  private static String memory(long bytes) {
    return scaled(bytes, "B");
  }

  /** Three digits and a prefix: {@code 1.23 M}; below a thousand the number itself. */
  private static String scaled(long n, String unit) {
    double value = n;
    int prefix = 0;
    while (value >= 1000 && prefix < 5) {
      value /= 1000;
      prefix++;
    }
    String digits =
        prefix == 0
            ? Long.toString(n)
            : String.format(ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    String suffix = (prefix == 0 ? "" : "kMGTP".substring(prefix - 1, prefix)) + unit;
    return suffix.isEmpty() ? digits : digits + " " + suffix;
  }
}
