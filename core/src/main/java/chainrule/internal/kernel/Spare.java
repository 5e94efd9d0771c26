package chainrule.internal.kernel;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An object that each thread keeps from call to call, so that calls allocate nothing.
 *
 * <p>A call that comes while the thread's object is out (from inside a task) gets one of its own.
 */
final class Spare<T> extends ThreadLocal<@Nullable T> {
  private final Supplier<? extends T> maker;

  Spare(Supplier<? extends T> maker) {
    this.maker = maker;
  }

  T take() {
    T object = get();
    if (object == null) {
      return maker.get();
    }
    set(null);
    return object;
  }

  void give(T object) {
    set(object);
  }
}
