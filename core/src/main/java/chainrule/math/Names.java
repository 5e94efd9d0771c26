package chainrule.math;

import java.util.Locale;

/** Turns a table constant's name into the name of the method that calls it. */
final class Names {
  private Names() {}

  static String camel(String constant) {
    var out = new StringBuilder();
    for (String word : constant.toLowerCase(Locale.ROOT).split("_")) {
      out.append(out.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return out.toString();
  }
}
