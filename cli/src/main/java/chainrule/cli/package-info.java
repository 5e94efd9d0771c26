/**
 * The command line: it parses arguments, wires the libraries together and prints.
 *
 * <p>{@link chainrule.cli.Main#run Main.run} executes one command and returns its exit code: 0
 * done, 1 a law or figure failed, 2 wrong use or bad input, 130 interrupted and saved. What is
 * wrong is said in one sentence on the error stream. Only {@link chainrule.cli.Main#main Main.main}
 * touches the process: standard streams, the exit, and the hook that lets Ctrl-C save what was
 * learned.
 */
@NullMarked
package chainrule.cli;

import org.jspecify.annotations.NullMarked;
