/**
 * Published tables and curves, each repeated by one file that can be read beside its source.
 *
 * <p>{@link chainrule.examples.reproduce.Reproductions} names the experiments; each runs in a
 * {@link chainrule.examples.reproduce.Lab}, which holds what it computes to what was published and
 * keeps the pictures that its source shows.
 */
@NullMarked
package chainrule.examples.reproduce;

import org.jspecify.annotations.NullMarked;
