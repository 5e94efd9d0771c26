package chainrule.kernels.vector;

import chainrule.autograd.Laws;
import chainrule.internal.kernel.KernelChoice;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** All laws and the parity of all kernels, in a JVM with vectors or threads of its own. */
final class Configuration {
  /** The exit code where the processor has not what the JVM was asked for. */
  static final int NOT_HERE = 3;

  private Configuration() {}

  /**
   * Prints one line about the vectors, then every failure; exit code 1 if there is one.
   *
   * @param args options of the JVM that must have been granted, each as {@code name=value}
   */
  public static void main(String[] args) throws InterruptedException {
    var bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    for (String asked : args) {
      String name = asked.substring(0, asked.indexOf('='));
      String granted;
      try {
        granted = bean.getVMOption(name).getValue();
      } catch (IllegalArgumentException e) {
        granted = "unknown";
      }
      if (!asked.equals(name + "=" + granted)) {
        System.out.println("this processor has not " + asked + ": here " + name + " is " + granted);
        System.exit(NOT_HERE);
      }
    }
    List<String> failures = new ArrayList<>(Parity.differences());
    for (Laws.Row row : Laws.rows()) {
      for (Laws.Law law : row.laws()) {
        Laws.Verdict verdict = law.verdict();
        if (!verdict.passed()) {
          failures.add(row.title(law) + ": " + verdict.detail());
        }
      }
    }
    System.out.println(KernelChoice.REASON + ", " + failures.size() + " failures");
    failures.stream().limit(10).forEach(System.out::println);
    System.exit(failures.isEmpty() ? 0 : 1);
  }
}
