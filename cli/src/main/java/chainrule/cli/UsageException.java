package chainrule.cli;

/** Wrong use of the command line: one sentence that says what and the remedy; exit code 2. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UsageException(String sentence) {
    super(sentence);
  }
}
