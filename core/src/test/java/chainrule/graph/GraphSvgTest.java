package chainrule.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import chainrule.math.Philox;
import chainrule.tensor.GraphException;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Drawings are well-formed, self-contained, and nothing lies over anything. */
class GraphSvgTest {
  private record Rectangle(double x, double y, double w, double h, String what) {
    boolean overlaps(Rectangle o) {
      return x + w > o.x + 0.2 && o.x + o.w > x + 0.2 && y + h > o.y + 0.2 && o.y + o.h > y + 0.2;
    }

    boolean contains(Rectangle o) {
      return x <= o.x + 0.2
          && y <= o.y + 0.2
          && x + w >= o.x + o.w - 0.2
          && y + h >= o.y + o.h - 0.2;
    }
  }

  private static Document parse(String svg) throws Exception {
    var factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> elements(Document svg, String tag) {
    NodeList list = svg.getElementsByTagName(tag);
    var out = new ArrayList<Element>();
    for (int i = 0; i < list.getLength(); i++) {
      out.add((Element) list.item(i));
    }
    return out;
  }

  private static double number(Element e, String name) {
    return Double.parseDouble(e.getAttribute(name));
  }

  private static Rectangle rectangle(Element e, String what) {
    return new Rectangle(
        number(e, "x"), number(e, "y"), number(e, "width"), number(e, "height"), what);
  }

  /** Parses a drawing and checks its geometry; gives the number of nodes drawn. */
  private static int check(String text) throws Exception {
    Document svg = parse(text);
    assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(text).doesNotContain("<script").doesNotContain("href=").doesNotContain("@import");
    List<Rectangle> nodes = new ArrayList<>();
    List<Rectangle> boxes = new ArrayList<>();
    for (Element e : elements(svg, "rect")) {
      if (e.getAttribute("class").equals("box")) {
        boxes.add(rectangle(e, "box"));
      } else {
        nodes.add(rectangle(e, e.getParentNode().getTextContent()));
      }
    }
    List<Rectangle> solid = new ArrayList<>(nodes);
    for (Element e : elements(svg, "text")) {
      Element parent = (Element) e.getParentNode();
      if (parent.getAttribute("class").equals("edge")) {
        double w = 6.6 * e.getTextContent().length();
        solid.add(
            new Rectangle(number(e, "x") - w / 2, number(e, "y") - 9, w, 11, e.getTextContent()));
      } else if (e.getAttribute("class").equals("title")) {
        double w = 7.2 * e.getTextContent().length();
        solid.add(new Rectangle(number(e, "x"), number(e, "y") - 10, w, 12, e.getTextContent()));
      }
    }
    for (int i = 0; i < solid.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (solid.get(i).overlaps(solid.get(j))) {
          fail(solid.get(i) + " over " + solid.get(j));
        }
      }
    }
    for (Rectangle box : boxes) {
      for (Rectangle other : solid) {
        if (box.overlaps(other) && !box.contains(other)) {
          fail(box + " cuts " + other);
        }
      }
      for (Rectangle other : boxes) {
        if (box.overlaps(other) && !box.contains(other) && !other.contains(box)) {
          fail(box + " cuts " + other);
        }
      }
    }
    Rectangle page =
        new Rectangle(
            0,
            0,
            number(svg.getDocumentElement(), "width"),
            number(svg.getDocumentElement(), "height"),
            "page");
    assertThat(solid).allSatisfy(r -> assertThat(page.contains(r)).as(r.toString()).isTrue());
    return nodes.size();
  }

  @Test
  void aNeuron() throws Exception {
    String svg = GraphView.of(Samples.Neuron.make().o()).withGradients().toSvg();
    assertThat(check(svg)).isEqualTo(10);
    assertThat(svg)
        .contains(
            "data −3 | grad 1", "prefers-color-scheme: dark", "∂y/∂x = 1 − y² = 0.49999999999999")
        .contains("class=\"node parameter\"", "class=\"node operation root\"");
  }

  @Test
  void layersOpenAndFolded() throws Exception {
    GraphView view = GraphView.of(Samples.blocks(5, 4)).withGradients();
    assertThat(check(view.toSvg())).isEqualTo(view.nodes().size());
    assertThat(check(view.foldRepeated().toSvg())).isEqualTo(view.foldRepeated().nodes().size());
    assertThat(check(view.foldBelow(0).toSvg())).isEqualTo(view.foldBelow(0).nodes().size());
  }

  @Test
  void softmaxCrossEntropy() throws Exception {
    Parameter logits =
        Tensor.of(new double[] {1, 2, 3, 0.5, 0.1, -1}, 2, 3).requiresGrad("a < b & \"c\" \u0000");
    Tensor labels = Tensor.of(new int[] {1, 2}, 2);
    Tensor loss = logits.crossEntropy(labels);
    assertThat(check(GraphView.of(loss).withGradients().toSvg())).isEqualTo(3);
    Tensor steps = Tape.expressions(() -> logits.crossEntropy(labels));
    assertThat(check(GraphView.of(steps).withGradients().toSvg())).isGreaterThan(10);
  }

  @Test
  void hundredRandomGraphs() throws Exception {
    for (int seed = 0; seed < 100; seed++) {
      var random = new Philox(seed);
      List<Parameter> leaves = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        leaves.add(Tensor.scalar(random.nextGaussian()).requiresGrad("p" + i));
      }
      Tensor a = Tape.layer("one", () -> Samples.random(random, leaves, 10));
      List<Parameter> more = new ArrayList<>(leaves);
      Tensor b =
          Tape.layer(
              "two", () -> Tape.layer("in", () -> Samples.random(random, more, 12)).add(a).sin());
      Tensor y = Tape.layer("one", () -> b.mul(a).add(leaves.getFirst()));
      GraphView view = GraphView.of(y);
      assertThat(check(view.toSvg())).as("seed " + seed).isEqualTo(view.nodes().size());
      check(view.fold("one").toSvg());
    }
  }

  @Test
  void bigGraphsAreFoldedOrRefused() throws Exception {
    Parameter w = Tensor.scalar(0.5).requiresGrad("w");
    Tensor y = w;
    for (int layer = 0; layer < 30; layer++) {
      Tensor in = y;
      y =
          Tape.layer(
              "l" + layer,
              () -> {
                Tensor h = in;
                for (int i = 0; i < 100; i++) {
                  h = h.add(w);
                }
                return h;
              });
    }
    assertThat(check(GraphView.of(y).toSvg())).isEqualTo(31);
    Tensor flat = w;
    for (int i = 0; i < 2500; i++) {
      flat = flat.add(w);
    }
    GraphView view = GraphView.of(flat);
    assertThatThrownBy(view::toSvg)
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("2501 nodes")
        .hasMessageContaining("DOT or JSON");
  }
}
