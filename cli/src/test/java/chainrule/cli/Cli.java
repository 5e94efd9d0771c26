package chainrule.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs a command in this process and keeps what it printed. */
record Cli(int code, String out, String err) {

  static Cli run(String... args) {
    return run(new Interrupt(), args);
  }

  static Cli run(Interrupt interrupt, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal = Terminal.plain(new PrintWriter(out), new PrintWriter(err));
    int code = Main.run(args, terminal, interrupt);
    return new Cli(code, out.toString(), err.toString());
  }

  String lastLine() {
    return out.strip().lines().toList().getLast();
  }
}
