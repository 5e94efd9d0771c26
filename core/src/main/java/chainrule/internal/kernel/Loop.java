package chainrule.internal.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A program as one loop over arrays, written at run time.
 *
 * <p>Arrays are seen as rows: element i of row r of array k is {@code arrays[k][at[k] + r·step[k] +
 * i]}, or, of an input that has one number for each row, {@code arrays[k][at[k] + r·step[k]]}.
 */
@FunctionalInterface
public interface Loop {
  /**
   * Computes the elements {@code from … to−1} of the rows {@code row … rows−1}; none if {@code row
   * ≥ rows}.
   *
   * @param arrays the inputs, then where the results go; one that the program does not read may be
   *     null, and a result may stand over an input that has the same {@code at} and {@code step}
   * @param at where each array's first row begins
   * @param step from one row of an array to the next
   * @param scalars the numbers that are the same for all elements, rounded by the loop
   */
  void run(
      @Nullable Object[] arrays,
      int[] at,
      int[] step,
      double[] scalars,
      int row,
      int rows,
      int from,
      int to);
}
