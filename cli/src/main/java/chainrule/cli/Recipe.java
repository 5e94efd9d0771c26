package chainrule.cli;

import java.util.List;

/**
 * The settings with which data is learned well when the user says nothing.
 *
 * @param hidden the sizes of the hidden layers
 * @param dropout after every hidden layer
 */
record Recipe(
    List<Integer> hidden,
    String activation,
    double dropout,
    String optimizer,
    double lr,
    double weightDecay,
    int batch,
    int epochs) {
  private static final int TABLE_STEPS = 3000;
  private static final int SMALL_TABLE = 1000;

  /** For data of a kind with so many rows to train on. */
  static Recipe of(String kind, int rows) {
    return switch (kind) {
      case "digits" -> new Recipe(List.of(128), "relu", 0.3, "adamw", 0.02, 0.01, 32, 60);
      case "mnist", "fashion-mnist" ->
          new Recipe(List.of(128), "relu", 0, "adamw", 0.002, 0.01, 64, 5);
      case "iris", Sources.CSV -> table(rows);
      default -> new Recipe(List.of(32, 32), "tanh", 0, "adamw", 0.01, 0.001, 32, 60);
    };
  }

  /**
   * A small network with strongly shrunk weights where rows are few; about as many steps for small
   * tables as for large ones.
   */
  private static Recipe table(int rows) {
    int batch = rows > 20_000 ? 128 : 32;
    int epochs = Math.clamp((long) TABLE_STEPS * batch / Math.max(1, rows), 5, 100);
    return rows < SMALL_TABLE
        ? new Recipe(List.of(16), "tanh", 0, "adamw", 0.02, 0.3, batch, epochs)
        : new Recipe(List.of(64, 32), "relu", 0, "adamw", 0.005, 0.01, batch, epochs);
  }
}
