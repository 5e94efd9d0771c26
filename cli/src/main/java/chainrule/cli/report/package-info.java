/**
 * The report of a training: one HTML page that holds everything it shows.
 *
 * <p>{@link chainrule.cli.report.Report} puts the page's template, style and scripts together with
 * the numbers of a run, as JSON. Nothing is loaded from a network, and the page's policy forbids
 * it.
 */
@NullMarked
package chainrule.cli.report;

import org.jspecify.annotations.NullMarked;
