/** Published numbers, reproduced by the scalar engine and by the tensor engine. */
@NullMarked
package chainrule.golden;

import org.jspecify.annotations.NullMarked;
