/** The command line of Chainrule: it parses arguments and wires the other modules together. */
module chainrule.cli {
  requires chainrule.core;
  requires chainrule.examples;
  requires chainrule.nn;
  requires info.picocli;
  requires static org.jspecify;

  opens chainrule.cli to
      info.picocli;
}
