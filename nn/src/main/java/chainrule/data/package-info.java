/**
 * Data as tensors: sets, batches, generators, and the readers of tables and images.
 *
 * <p>A {@link chainrule.data.Dataset} is an immutable pair of tensors with the names that belong to
 * them; a {@link chainrule.data.DataLoader} cuts it into shuffled batches. {@link
 * chainrule.data.Datasets} holds the embedded sets and the synthetic ones, {@link
 * chainrule.data.Mnist} reads MNIST and Fashion-MNIST, and {@link chainrule.data.Tabular} turns a
 * CSV file into a training set, a test set and the {@link chainrule.data.Preprocessing} that
 * repeats the same steps on new rows. Every shuffle, split and generator draws from {@link
 * chainrule.math.Philox}, so that a seed means the same rows on every machine.
 *
 * <p>A reader checks before it allocates: memory follows the size of the file, never a number that
 * the file declares. Whatever is wrong with an input is a {@link chainrule.data.DataException} of
 * one sentence that starts with the file, and the line where there is one.
 */
@NullMarked
package chainrule.data;

import org.jspecify.annotations.NullMarked;
