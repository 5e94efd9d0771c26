package chainrule.tensor;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the line of a user's program that is calling. */
final class Source {
  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final Set<String> ENGINE =
      Set.of("chainrule.math", "chainrule.tensor", "chainrule.autograd");

  private Source() {}

  /** The innermost line outside the engine itself, which may be a layer's. */
  static @Nullable StackTraceElement here() {
    return WALKER.walk(
        frames ->
            frames
                .filter(f -> !ENGINE.contains(packageOf(f.getClassName())))
                .filter(f -> !f.getClassName().startsWith("java."))
                .findFirst()
                .map(StackWalker.StackFrame::toStackTraceElement)
                .orElse(null));
  }

  private static String packageOf(String className) {
    int dot = className.lastIndexOf('.');
    return dot < 0 ? "" : className.substring(0, dot);
  }
}
