/**
 * Numbered programs that teach the library, each on one page.
 *
 * <p>Read and run them in order: {@code 01-one-weight}, {@code 02-scalar-graph}, {@code
 * 03-tensors}, {@code 04-gradients-of-gradients}, {@code 05-your-own-op}, {@code
 * 06-mlp-from-numpy}, {@code 07-fit-predict}, {@code 08-digits}, {@code 10-lstm}, {@code
 * 11-transformer}. Every one is a {@code main} of its own that prints what it computes; {@link
 * chainrule.examples.Examples} starts them by name.
 */
@NullMarked
package chainrule.examples;

import org.jspecify.annotations.NullMarked;
