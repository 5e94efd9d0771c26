package chainrule.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The program's version, as the build wrote it into the module or the jar. */
public final class Version implements IVersionProvider {
  /** Made by picocli. */
  public Version() {}

  @Override
  public String[] getVersion() {
    return new String[] {"chainrule " + number(), "Java " + Runtime.version()};
  }

  /** The number, such as {@code 0.1.0}; {@code development} outside a build. */
  static String number() {
    var descriptor = Version.class.getModule().getDescriptor();
    if (descriptor != null && descriptor.rawVersion().isPresent()) {
      return descriptor.rawVersion().get();
    }
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), "development");
  }
}
