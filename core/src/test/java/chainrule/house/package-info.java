/**
 * The rules of the house as tests: the arrows between packages, the length of files, the numbering
 * of decisions, and words that have no place in the tree.
 */
@NullMarked
package chainrule.house;

import org.jspecify.annotations.NullMarked;
