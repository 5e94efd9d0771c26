/**
 * Files: models and tensors in the safetensors format, and files that appear whole or not at all.
 *
 * <p>{@link chainrule.formats.Models} keeps a trained model in one file: the weights as tensors,
 * and the architecture, preprocessing and class names as JSON in the file's metadata. Reading runs
 * no code that the file names: a layer type is looked up in a fixed list, every size is compared
 * with the tensors that the file really holds, and only then is anything built. {@link
 * chainrule.formats.Safetensors} reads and writes the tensors alone, as other programs do, and
 * {@link chainrule.formats.AtomicFiles} writes any file so that nobody ever sees half of it.
 *
 * <p>A file that is not as it should be is a {@link chainrule.formats.FormatException} that names
 * the file and the place. The same weights give the same bytes: a model file holds no time, no path
 * and nothing about the machine.
 */
@NullMarked
package chainrule.formats;

import org.jspecify.annotations.NullMarked;
