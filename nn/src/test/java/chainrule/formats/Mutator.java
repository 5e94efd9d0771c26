package chainrule.formats;

import chainrule.math.Philox;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Damages bytes at random, in the ways files are damaged and attacked. */
final class Mutator {
  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    127,
    128,
    255,
    256,
    65_535,
    Short.MAX_VALUE,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 31,
    1L << 32,
    1L << 60,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final List<String> WORDS =
      List.of(
          "\"",
          ",",
          ";",
          "\t",
          "\n",
          "\r\n",
          "\uFEFF",
          "{",
          "}",
          "[",
          "]",
          ":",
          "\\",
          "\\u0000",
          "NaN",
          "NA",
          "?",
          "inf",
          "-Infinity",
          "1e999",
          "1e39",
          "-0.0",
          "1e-320",
          "null",
          "true",
          "2147483647",
          "2147483648",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "-1",
          "0",
          "1.5",
          "999999999999999999999999999999",
          "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
          "{\"a\":{\"a\":{\"a\":",
          "__metadata__",
          "data_offsets",
          "F64",
          "I64",
          "BF16",
          "\"type\":",
          "Linear",
          "Sequential",
          "Residual",
          "\u0000",
          "\u2028",
          "\uD83D\uDE00",
          "9".repeat(400));

  private final Philox random;

  Mutator(Philox random) {
    this.random = random;
  }

  byte[] mutate(byte[] valid) {
    byte[] bytes = valid;
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      bytes = once(bytes);
    }
    return bytes;
  }

  private byte[] once(byte[] bytes) {
    int n = bytes.length;
    if (n == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    int at = random.nextInt(n);
    int to = Math.min(n, at + 1 + random.nextInt(random.nextBoolean() ? 8 : n));
    byte[] copy = bytes.clone();
    switch (random.nextInt(10)) {
      case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> copy[at] = (byte) random.nextInt(256);
      case 2 -> number(copy, at);
      case 3 -> copy = Arrays.copyOf(bytes, at);
      case 4 -> copy = splice(bytes, at, to, new byte[0]);
      case 5 -> copy = splice(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
      case 6 -> copy = splice(bytes, at, at, new byte[1 + random.nextInt(16)]);
      case 7 -> digit(copy, at);
      default -> {
        String word = WORDS.get(random.nextInt(WORDS.size()));
        byte[] text = word.getBytes(StandardCharsets.UTF_8);
        int end = random.nextBoolean() ? at : Math.min(n, at + text.length);
        copy = splice(bytes, at, end, text);
      }
    }
    return copy;
  }

  private void number(byte[] bytes, int at) {
    long value = NUMBERS[random.nextInt(NUMBERS.length)];
    int width = 1 << random.nextInt(4);
    boolean little = random.nextBoolean();
    for (int i = 0; i < width && at + i < bytes.length; i++) {
      bytes[at + i] = (byte) (value >>> 8 * (little ? i : width - 1 - i));
    }
  }

  /** Changes the next digit in a text, which keeps it valid more often than any other damage. */
  private void digit(byte[] bytes, int at) {
    for (int i = at; i < bytes.length; i++) {
      if (bytes[i] >= '0' && bytes[i] <= '9') {
        bytes[i] = (byte) ('0' + random.nextInt(10));
        return;
      }
    }
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] middle) {
    byte[] out = new byte[bytes.length - (to - from) + middle.length];
    System.arraycopy(bytes, 0, out, 0, from);
    System.arraycopy(middle, 0, out, from, middle.length);
    System.arraycopy(bytes, to, out, from + middle.length, bytes.length - to);
    return out;
  }
}
