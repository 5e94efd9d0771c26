/**
 * The rules of the house as tests: the arrows between modules, the snapshot of the public API, and
 * the program started from the module path.
 */
@NullMarked
package chainrule.house;

import org.jspecify.annotations.NullMarked;
