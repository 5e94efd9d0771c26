package chainrule.internal.kernel;

import chainrule.math.Program;

/**
 * Writes a program's steps for one element ({@link ScalarLanes}) or for as many as a vector holds
 * ({@link VectorLanes}). Every value is in a local variable.
 */
interface Lanes {
  /** In place of a base: the index itself counts from the array's beginning. */
  int NONE = -1;

  /** Reads value {@code v}, an input, from an array at {@code base + index}, all in variables. */
  void load(int v, int array, int base, int index);

  /** Computes value {@code v}. */
  void step(int v, Program.Instruction instruction);

  /** Writes value {@code v} into an array at {@code base + index}, all in variables. */
  void store(int v, boolean flushed, int array, int base, int index);
}
