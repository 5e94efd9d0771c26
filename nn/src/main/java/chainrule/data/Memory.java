package chainrule.data;

/** Refuses what cannot fit into memory before the work begins. */
final class Memory {
  private static final int MEGA = 1 << 20;

  private Memory() {}

  /** Throws unless the JVM may take so many bytes. */
  static void require(String name, long bytes) {
    long most = Runtime.getRuntime().maxMemory();
    if (bytes > most) {
      throw DataException.in(
          name,
          "about %d MB of memory are needed and the JVM may take %d MB; give it more with -Xmx or"
                  .formatted(bytes / MEGA, most / MEGA)
              + " take fewer rows or columns");
    }
  }
}
