package chainrule.graph;

/**
 * One run of a layer in a {@link GraphView}: groups nest as layers do, and a layer that is applied
 * twice makes two.
 *
 * @param id its number, larger than its parent's
 * @param path the layer's path, such as {@code 3.body.fc1}
 * @param parent the number of the group around it; −1 if there is none
 */
public record GraphGroup(int id, String path, int parent) {
  /** The last word of the path. */
  public String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
