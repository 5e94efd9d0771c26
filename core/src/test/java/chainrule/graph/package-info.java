/**
 * Looking at recorded computations: views and their DOT, JSON and SVG, explanations of gradients,
 * and the search for the origin of NaN.
 */
@NullMarked
package chainrule.graph;

import org.jspecify.annotations.NullMarked;
