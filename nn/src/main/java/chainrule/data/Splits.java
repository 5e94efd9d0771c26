package chainrule.data;

import chainrule.math.Philox;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Chooses the rows of a training and a test part. */
final class Splits {
  private static final String PURPOSE = "split";

  private Splits() {}

  /** Row numbers, ascending in both parts. */
  record Rows(int[] train, int[] test) {}

  static int[] count(int[] labels, int classes) {
    int[] counts = new int[classes];
    for (int label : labels) {
      counts[label]++;
    }
    return counts;
  }

  static Rows plain(String name, int n, double testFraction, long seed) {
    int testRows = testRows(name, n, testFraction);
    boolean[] inTest = new boolean[n];
    int[] order = new Philox(seed, PURPOSE).permutation(n);
    for (int i = 0; i < testRows; i++) {
      inTest[order[i]] = true;
    }
    return rows(inTest);
  }

  static Rows stratified(String name, int[] labels, int classes, double testFraction, long seed) {
    int testRows = testRows(name, labels.length, testFraction);
    int[] quota = quotas(name, count(labels, classes), testRows, labels.length);
    boolean[] inTest = new boolean[labels.length];
    for (int row : new Philox(seed, PURPOSE).permutation(labels.length)) {
      if (quota[labels[row]] > 0) {
        quota[labels[row]]--;
        inTest[row] = true;
      }
    }
    return rows(inTest);
  }

  /** Largest remainders (Hamilton's method); ties go to the lower label. */
  private static int[] quotas(String name, int[] counts, int testRows, int n) {
    int[] quota = new int[counts.length];
    long[] remainder = new long[counts.length];
    int left = testRows;
    for (int c = 0; c < counts.length; c++) {
      long share = (long) counts[c] * testRows;
      quota[c] = Math.min((int) (share / n), Math.max(0, counts[c] - 1));
      remainder[c] = share - (long) quota[c] * n;
      left -= quota[c];
    }
    int[] byRemainder =
        IntStream.range(0, counts.length)
            .boxed()
            .sorted(Comparator.comparingLong((Integer c) -> -remainder[c]))
            .mapToInt(Integer::intValue)
            .toArray();
    while (left > 0) {
      int before = left;
      for (int c : byRemainder) {
        if (left > 0 && quota[c] < counts[c] - 1) {
          quota[c]++;
          left--;
        }
      }
      if (left == before) {
        throw DataException.in(
            name,
            "%d of %d rows cannot be set aside for testing while every class keeps one row for"
                    .formatted(testRows, n)
                + " training; use a smaller test fraction or more rows");
      }
    }
    return quota;
  }

  private static int testRows(String name, int n, double testFraction) {
    if (!(testFraction > 0 && testFraction < 1)) {
      throw DataException.in(
          name, "the test fraction must be above 0 and below 1, not " + testFraction);
    }
    int testRows = (int) Math.round(n * testFraction);
    if (testRows == 0 || testRows == n) {
      throw DataException.in(
          name,
          "%d rows cannot be split with a test fraction of %s: one part would be empty"
              .formatted(n, testFraction));
    }
    return testRows;
  }

  private static Rows rows(boolean[] inTest) {
    int[] all = IntStream.range(0, inTest.length).toArray();
    return new Rows(
        Arrays.stream(all).filter(i -> !inTest[i]).toArray(),
        Arrays.stream(all).filter(i -> inTest[i]).toArray());
  }
}
