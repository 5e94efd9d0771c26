package chainrule.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.autograd.Autograd;
import chainrule.math.Philox;
import chainrule.tensor.DType;
import chainrule.tensor.GraphException;
import chainrule.tensor.Node;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a view holds, and what it writes. */
class GraphViewTest {
  @Test
  void theNeuronIsShownAsMicrogradDrawsIt() {
    GraphView view = GraphView.of(Samples.Neuron.make().o()).withGradients();
    assertThat(view.nodes())
        .extracting(GraphNode::name)
        .containsExactly("x1", "w1", "mul", "x2", "w2", "mul", "add", "b", "add", "tanh");
    assertThat(view.edges())
        .extracting(e -> e.from() + ">" + e.to() + " " + e.formula())
        .containsExactly(
            "0>2 b", "1>2 a", "3>5 b", "4>5 a", "2>6 1", "5>6 1", "6>8 1", "7>8 1", "8>9 1 − y²");
    double[] gradients = {-1.5, 1, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0.5, 1};
    for (GraphNode node : view.nodes()) {
      assertThat(Objects.requireNonNull(node.gradient()).item())
          .as(node.name())
          .isCloseTo(gradients[node.id()], org.assertj.core.data.Offset.offset(1e-12));
    }
    assertThat(view.root().formula()).isEqualTo("y = tanh x");
    assertThat(view.operations()).isEqualTo(5);
    assertThat(view).hasToString("10 nodes, 9 edges");
  }

  @Test
  void dotIsWrittenExactly() {
    Parameter w = Tensor.scalar(0.5).requiresGrad("w\"1\\");
    Tensor y = Tape.layer("net", () -> Tape.layer("fc", () -> w.mul(3)).square());
    assertThat(GraphView.of(y).withGradients().toDot())
        .isEqualTo(
            """
            digraph computation {
              node [shape=box, style="rounded,filled", fontname="sans-serif"];
              edge [fontname="sans-serif", fontsize=10];
              subgraph cluster_0 {
                label="net";
                n3 [label="square\\ndata 2.25 | grad 1", fillcolor="#cfe3ff", tooltip="operation square\\nF64 ()\\ny = x²\\ndata 2.25\\ngrad 1\\nlayer net"];
                subgraph cluster_1 {
                  label="fc";
                  n0 [label="w\\"1\\\\\\ndata 0.5 | grad 9", fillcolor="#ffe0a3", tooltip="parameter w\\"1\\\\\\nF64 ()\\ndata 0.5\\ngrad 9\\nlayer net.fc"];
                  n1 [label="3", fillcolor="#e8e8e8", tooltip="constant 3\\nF64 ()\\ndata 3\\nlayer net.fc"];
                  n2 [label="mul\\ndata 1.5 | grad 3", fillcolor="#cfe3ff", tooltip="operation mul\\nF64 ()\\ny = a·b\\ndata 1.5\\ngrad 3\\nlayer net.fc"];
                }
              }
              n0 -> n2 [label="3"];
              n1 -> n2;
              n2 -> n3 [label="3"];
            }
            """);
  }

  @Test
  void jsonIsWrittenExactly() {
    Parameter w = Tensor.of(0.1f, Float.NaN).requiresGrad("a\n\"b\"");
    Tensor y = Tape.layer("fc", () -> w.mul(2).sum());
    assertThat(GraphView.of(y).toJson())
        .isEqualTo(
            """
            {
            "root": 4,
            "nodes": [
            {"id": 0, "kind": "parameter", "name": "a\\n\\"b\\"", "shape": [2], "dtype": "F32", "group": 0, "layer": "fc", "value": [0.1, "NaN"]},
            {"id": 1, "kind": "constant", "name": "", "shape": [], "dtype": "F32", "group": 0, "layer": "fc", "value": 2.0},
            {"id": 2, "kind": "operation", "name": "mul", "shape": [2], "dtype": "F32", "formula": "y = a·b", "group": 0, "layer": "fc", "value": [0.2, "NaN"]},
            {"id": 3, "kind": "operation", "name": "sum to 1", "shape": [1], "dtype": "F32", "formula": "y = sum(x)", "group": 0, "layer": "fc", "value": ["NaN"]},
            {"id": 4, "kind": "operation", "name": "reshape ()", "shape": [], "dtype": "F32", "formula": "y = reshape(x)", "group": 0, "layer": "fc", "value": "NaN"}],
            "edges": [
            {"from": 0, "to": 2, "input": 0, "operand": "a", "formula": "b", "derivative": [2.0, 2.0]},
            {"from": 1, "to": 2, "input": 1, "operand": "b"},
            {"from": 2, "to": 3, "input": 0, "operand": "x", "formula": "expand(G)"},
            {"from": 3, "to": 4, "input": 0, "operand": "x", "formula": "reshape(G)", "derivative": [1.0]}],
            "groups": [
            {"id": 0, "path": "fc"}]
            }
            """);
  }

  @Test
  void jsonCanBeReadBack() {
    Parameter strange = Tensor.scalar(-1e-300).requiresGrad("t\tq\"b\\s/\u0001 ü 𝄞");
    Tensor y = strange.exp().add(Samples.blocks(3, 4)).add(Samples.Neuron.make().o());
    GraphView view = GraphView.of(y).withGradients();
    for (GraphView v : List.of(view, view.foldRepeated(), view.foldBelow(0))) {
      Map<String, Object> json = JsonText.object(JsonText.parse(v.toJson()));
      assertThat(json).containsOnlyKeys("root", "nodes", "edges", "groups");
      assertThat(JsonText.array(json.get("nodes"))).hasSameSizeAs(v.nodes());
      assertThat(JsonText.array(json.get("edges"))).hasSameSizeAs(v.edges());
      assertThat(JsonText.object(JsonText.array(json.get("nodes")).getFirst()))
          .containsEntry("name", strange.name())
          .containsEntry("value", -1e-300);
    }
  }

  @Test
  void matrixProductsNameTheirGradients() {
    Parameter a = Tensor.ones(2, 3).requiresGrad("a");
    Parameter b = Tensor.ones(3, 4).requiresGrad("b");
    assertThat(slopes(a.matmul(b))).containsExactly("G·Bᵀ", "Aᵀ·G");
    Parameter bt = Tensor.ones(4, 3).requiresGrad("b");
    assertThat(slopes(a.matmul(bt, false, true))).containsExactly("G·B", "Gᵀ·A");
    Parameter at = Tensor.ones(3, 2).requiresGrad("a");
    assertThat(slopes(at.matmul(b, true, false))).containsExactly("B·Gᵀ", "A·G");
    assertThat(slopes(at.matmul(bt, true, true))).containsExactly("Bᵀ·Gᵀ", "Gᵀ·Aᵀ");
  }

  private static List<String> slopes(Tensor y) {
    return GraphView.of(y).edges().stream().map(GraphEdge::formula).toList();
  }

  @Test
  void gradientsAreThoseOfGradAndNothingElseChanges() {
    Parameter w = Tensor.of(new double[] {1, -2, 3, 4}, 2, 2).requiresGrad("w");
    Parameter big = Tensor.randn(DType.F64, new Philox(1), 2, 20).requiresGrad("big");
    w.grad(Tensor.full(DType.F64, 7, 2, 2));
    Tensor h = w.matmul(big).tanh();
    Tensor s = h.sum(1);
    Tensor y = s.square().sum();
    GraphView view = GraphView.of(y).withGradients();
    List<Tensor> expected = Autograd.grad(y, List.of(w, big, h, s));
    assertThat(gradient(view, "w").sameBits(expected.get(0))).isTrue();
    assertThat(named(view, "big").gradient()).isNull();
    assertThat(named(view, "tanh").gradient()).isNull();
    assertThat(gradient(view, "reshape 2").sameBits(expected.get(3))).isTrue();
    assertThat(Objects.requireNonNull(w.grad()).toDoubleArray()).containsOnly(7);
    assertThat(big.grad()).isNull();
    assertThat(GraphView.of(y).withGradients().toJson()).isEqualTo(view.toJson());
  }

  @Test
  void aSeedStandsForTheGradientOfTheRoot() {
    Parameter w = Tensor.of(1.0, 2.0).requiresGrad("w");
    GraphView view = GraphView.of(w.square());
    assertThatThrownBy(view::withGradients)
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("seed");
    assertThat(gradient(view.withGradients(Tensor.of(1.0, 10.0)), "w").toDoubleArray())
        .containsExactly(2, 40);
  }

  private static GraphNode named(GraphView view, String name) {
    return view.nodes().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  private static Tensor gradient(GraphView view, String name) {
    return Objects.requireNonNull(named(view, name).gradient());
  }

  @Test
  void leavesAreKeptApart() {
    Parameter w = Tensor.scalar(2.0).requiresGrad("w");
    Parameter frozen = Tensor.scalar(3.0).requiresGrad("frozen").trainable(false);
    Tensor c = Tensor.scalar(5.0);
    Tensor large = Tensor.zeros(DType.F64, 100);
    GraphView view = GraphView.of(w.mul(frozen).mul(c).add(c).mul(large));
    assertThat(view.nodes())
        .filteredOn(n -> n.kind() != GraphNode.Kind.OPERATION)
        .extracting(n -> n.kind() + " " + n.name() + " " + n.shape())
        .containsExactly("PARAMETER w ()", "CONSTANT frozen ()", "CONSTANT  ()", "CONSTANT  100");
    assertThat(view.nodes().getLast().value()).isNull();
  }

  @Test
  void sourcesAreShownWhereTheyWereRecorded() {
    Parameter w = Tensor.scalar(2.0).requiresGrad("w");
    Tensor y = Tape.withSources(() -> w.square());
    StackTraceElement source = Objects.requireNonNull(GraphView.of(y).root().source());
    assertThat(source.getFileName()).isEqualTo("GraphViewTest.java");
    assertThat(GraphView.of(y).toJson())
        .contains("\"source\": \"GraphViewTest.java:" + source.getLineNumber() + "\"");
  }

  @Test
  void aLeafAloneAndAConstant() {
    Parameter w = Tensor.scalar(2.0).requiresGrad("w");
    GraphView view = GraphView.of(w).withGradients();
    assertThat(view).hasToString("1 nodes, 0 edges");
    assertThat(gradient(view, "w").item()).isEqualTo(1);
    assertThat(view.toSvg()).contains("data 2 | grad 1");
    assertThatThrownBy(() -> GraphView.of(Tensor.scalar(1.0)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("nothing to show");
  }

  @Test
  void staleValuesAreNotUsed() {
    Parameter w = Tensor.scalar(2.0).requiresGrad("w");
    Parameter v = Tensor.scalar(3.0).requiresGrad("v");
    Tensor y = w.mul(v);
    w.set(Tensor.scalar(9.0));
    GraphView view = GraphView.of(y);
    assertThat(view.edges()).extracting(GraphEdge::derivative).containsOnlyNulls();
    assertThatThrownBy(view::withGradients)
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("changed since");
    assertThatThrownBy(() -> view.explain(v))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("changed since");
  }

  @Test
  void layersNestAsGroupsAndEachRunIsItsOwn() {
    Parameter w = Tensor.scalar(0.5).requiresGrad("w");
    Tensor y =
        Tape.layer(
            "net",
            () -> {
              Tensor h = Tape.layer("fc", () -> w.mul(w)).sin();
              return Tape.layer("fc", () -> h.mul(w));
            });
    GraphView view = GraphView.of(y);
    assertThat(view.groups())
        .containsExactly(
            new GraphGroup(0, "net", -1),
            new GraphGroup(1, "net.fc", 0),
            new GraphGroup(2, "net.fc", 0));
    assertThat(named(view, "w").layer()).as("both runs read it").isEqualTo("net");
    GraphView folded = view.fold("net.fc");
    assertThat(folded.nodes())
        .extracting(GraphNode::name)
        .containsExactly("w", "net.fc", "sin", "net.fc");
    assertThat(folded.edges())
        .extracting(e -> e.from() + ">" + e.to() + "×" + e.count())
        .containsExactlyInAnyOrder("0>1×2", "1>2×1", "2>3×1", "0>3×1");
    assertThatThrownBy(() -> view.fold("net.fc2"))
        .isInstanceOf(GraphException.class)
        .hasMessage("there is no layer net.fc2 to fold; the layers are net, net.fc");
  }

  @Test
  void repeatedBlocksFoldAndTheFirstStaysOpen() {
    GraphView view = GraphView.of(Samples.blocks(4, 5)).withGradients();
    GraphView folded = view.foldRepeated();
    assertThat(folded.nodes())
        .filteredOn(n -> n.kind() == GraphNode.Kind.LAYER)
        .extracting(n -> n.name() + ": " + n.formula())
        .containsExactly(
            "blocks.1: 3 operations, 30 parameters, as blocks.0",
            "blocks.2: 3 operations, 30 parameters, as blocks.0",
            "blocks.3: 3 operations, 30 parameters, as blocks.0");
    assertThat(folded.groups())
        .extracting(GraphGroup::path)
        .containsExactly("blocks", "blocks.0", "blocks.0.fc");
    assertThat(view.foldBelow(0).nodes())
        .filteredOn(n -> n.kind() == GraphNode.Kind.LAYER)
        .extracting(GraphNode::name, GraphNode::size)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("blocks", 21));
    assertThat(folded.withGradients().nodes().getLast().gradient()).isNotNull();
    assertOrdered(folded);
    assertOrdered(view.foldBelow(1));
  }

  private static void assertOrdered(GraphView view) {
    assertThat(view.nodes()).extracting(GraphNode::id).isSorted().doesNotHaveDuplicates();
    assertThat(view.edges()).allSatisfy(e -> assertThat(e.from()).isLessThan(e.to()));
    List<Integer> ids = new ArrayList<>(view.nodes().stream().map(GraphNode::id).toList());
    assertThat(view.edges()).allSatisfy(e -> assertThat(ids).contains(e.from(), e.to()));
  }

  @Test
  void filesAreWrittenWholeAndLeaveNothingBehind(@TempDir Path folder) throws IOException {
    GraphView view = GraphView.of(Samples.Neuron.make().o());
    Path inner = folder.resolve("made/for/it");
    view.writeDot(inner.resolve("g.dot"));
    view.writeJson(inner.resolve("g.json"));
    view.writeSvg(inner.resolve("g.svg"));
    view.writeSvg(inner.resolve("g.svg"));
    assertThat(inner.resolve("g.dot")).hasContent(view.toDot());
    assertThat(inner.resolve("g.json")).hasContent(view.toJson());
    assertThat(inner.resolve("g.svg")).hasContent(view.toSvg());
    try (Stream<Path> files = Files.list(inner)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void valuesAreShownUpToTheSizeThatNodesKeep() {
    Parameter small = Tensor.zeros(Node.SMALL).requiresGrad("small");
    Parameter large = Tensor.zeros(Node.SMALL + 1).requiresGrad("large");
    assertThat(GraphView.of(small.exp()).root().value()).isNotNull();
    assertThat(GraphView.of(large.exp()).root().value()).isNull();
  }
}
