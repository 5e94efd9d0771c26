/**
 * The documents at the root say what is true: their code compiles and runs, their links lead
 * somewhere.
 */
@NullMarked
package chainrule.documents;

import org.jspecify.annotations.NullMarked;
