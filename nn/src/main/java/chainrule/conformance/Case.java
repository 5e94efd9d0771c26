package chainrule.conformance;

import java.util.List;
import java.util.Map;

/** A subject under certain options, with the fixture that it is held to. */
interface Case {
  Kind kind();

  /** The class or method that it is about. */
  String subject();

  /** The options, in words; the case's name in the fixture. */
  String name();

  /** The options by name, to see that each is tried with more than one value. */
  Map<String, Object> options();

  /** What it is held to. */
  List<Cell> cells();

  /** A hash of all results, equal on all kernels. */
  String digest();

  /** The name by which rows, digests and messages know it. */
  default String title() {
    return kind().plural() + " / " + subject() + " / " + name();
  }
}
