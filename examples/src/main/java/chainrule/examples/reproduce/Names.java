package chainrule.examples.reproduce;

import chainrule.examples.random.PythonRandom;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.util.List;

/** makemore's names: 27 symbols, of which 0 begins and ends a name. */
final class Names {
  static final String FILE = "names.txt";
  static final int SYMBOLS = 27;
  static final String ALPHABET = ".abcdefghijklmnopqrstuvwxyz";

  private final List<String> words;

  private Names(List<String> words) {
    this.words = words;
  }

  /** The names in the order of the file. */
  static Names read(Lab lab) throws IOException {
    return new Names(lab.lines(FILE));
  }

  static int symbol(char c) {
    return ALPHABET.indexOf(c);
  }

  String word(int i) {
    return words.get(i);
  }

  int size() {
    return words.size();
  }

  Names first(int n) {
    return new Names(words.subList(0, n));
  }

  /** Every symbol with those before it. */
  record Examples(int context, int[] x, int[] y) {
    int size() {
      return y.length;
    }

    Tensor inputs() {
      return Tensor.of(x, size(), context);
    }

    Tensor targets() {
      return Tensor.of(y, size());
    }

    /** The inputs at some places, in their order. */
    Tensor inputs(int... at) {
      int[] taken = new int[at.length * context];
      for (int i = 0; i < at.length; i++) {
        System.arraycopy(x, at[i] * context, taken, i * context, context);
      }
      return Tensor.of(taken, at.length, context);
    }

    Tensor targets(int... at) {
      int[] taken = new int[at.length];
      for (int i = 0; i < at.length; i++) {
        taken[i] = y[at[i]];
      }
      return Tensor.of(taken, at.length);
    }
  }

  /** An example for every letter and every end. */
  Examples examples(int context) {
    int n = words.stream().mapToInt(w -> w.length() + 1).sum();
    int[] x = new int[n * context];
    int[] y = new int[n];
    int next = 0;
    for (String word : words) {
      int[] window = new int[context];
      for (int i = 0; i <= word.length(); i++) {
        int symbol = i < word.length() ? symbol(word.charAt(i)) : 0;
        System.arraycopy(window, 0, x, next * context, context);
        y[next++] = symbol;
        System.arraycopy(window, 1, window, 0, context - 1);
        window[context - 1] = symbol;
      }
    }
    return new Examples(context, x, y);
  }

  /** Training, development and test. */
  record Split(Examples train, Examples dev, Examples test) {}

  /** The names shuffled by Python's seed 42 and cut at 80 and 90 of a hundred. */
  Split split(int context) {
    String[] shuffled = words.toArray(String[]::new);
    new PythonRandom(42).shuffle(shuffled);
    List<String> all = List.of(shuffled);
    int n1 = (int) (0.8 * all.size());
    int n2 = (int) (0.9 * all.size());
    return new Split(
        new Names(all.subList(0, n1)).examples(context),
        new Names(all.subList(n1, n2)).examples(context),
        new Names(all.subList(n2, all.size())).examples(context));
  }
}
