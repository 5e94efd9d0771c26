package chainrule.conformance;

import java.util.List;

/**
 * A subject under certain options, and what it is held to.
 *
 * @param subject the class or method, such as {@code Conv2d}
 * @param name the options, such as {@code groups}
 * @param cells what it is held to, by column
 */
public record Row(Kind kind, String subject, String name, List<Cell> cells) {
  /** The row's full name, such as {@code Conv2d / groups}. */
  public String title() {
    return subject + " / " + name;
  }
}
