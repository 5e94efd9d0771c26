package chainrule.examples.reproduce;

import java.io.IOException;

/** A program that prints the figures of two experiments in all their digits. */
final class Digits {
  private Digits() {}

  /** Runs in a process of its own, on the kernels and threads that it is told. */
  public static void main(String[] args) throws IOException {
    for (Experiment e : Reproductions.all()) {
      if (e.name().equals("spirals") || e.name().equals("optimizers")) {
        e.body()
            .run(
                new Lab(
                    null, false, text -> {}, f -> System.out.println(f.what() + " " + f.got())));
      }
    }
  }
}
