package chainrule.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.data.Json;
import chainrule.math.Philox;
import chainrule.nn.AttentionOptions;
import chainrule.nn.GRU;
import chainrule.nn.GRUCell;
import chainrule.nn.LSTM;
import chainrule.nn.LSTMCell;
import chainrule.nn.LearnedPositions;
import chainrule.nn.Linear;
import chainrule.nn.Mean;
import chainrule.nn.Module;
import chainrule.nn.MultiHeadAttention;
import chainrule.nn.RNN;
import chainrule.nn.RNNCell;
import chainrule.nn.RecurrentOptions;
import chainrule.nn.Select;
import chainrule.nn.Sequential;
import chainrule.nn.SinusoidalPositions;
import chainrule.nn.TransformerBlock;
import chainrule.nn.TransformerOptions;
import chainrule.nn.Unroll;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Models of sequences come back whole. */
class SequenceLayersTest {
  private static final RecurrentOptions TWO =
      RecurrentOptions.DEFAULT.layers(2).bidirectional(true).batchFirst(true).dropout(0.25);
  private static final TransformerOptions SMALL =
      TransformerOptions.DEFAULT.feedForward(8).batchFirst(true);

  private static List<Module> models() {
    return List.of(
        new Sequential(new LSTM(6, 5, TWO), new Select(1, -1), new Linear(10, 3)),
        new Sequential(new GRU(6, 5, TWO.bias(false)), new Mean(1), new Linear(10, 3)),
        new Unroll(new Sequential(new Linear(6, 6), new Linear(6, 6, false)), 3),
        new RNN(6, 5, "relu", RecurrentOptions.DEFAULT),
        new Sequential(new Select(1, 0), new LSTMCell(6, 4), new GRUCell(4, 3)),
        new Sequential(new Mean(-2), new RNNCell(6, 4, false, "relu")),
        new Sequential(
            new LearnedPositions(9, 6, true),
            new SinusoidalPositions(6, true),
            new MultiHeadAttention(
                6, 2, AttentionOptions.DEFAULT.dropout(0.1).causal(true).batchFirst(true))),
        new MultiHeadAttention(6, 3, AttentionOptions.DEFAULT.bias(false)),
        new Sequential(
            new TransformerBlock(6, 2, SMALL),
            new TransformerBlock(6, 3, SMALL.normFirst(true).causal(true).activation("gelu"))));
  }

  @TestFactory
  Stream<DynamicTest> modelsComeBackWhole() {
    return models().stream()
        .map(
            model ->
                DynamicTest.dynamicTest(
                    model.toString(),
                    () -> {
                      model.init(7);
                      byte[] file = Models.bytes(SavedModel.of(model));
                      Module back = Models.parse("m", file).model();
                      assertThat(back).hasToString(model.toString());
                      Tensor x = Tensor.randn(DType.F32, new Philox(1), 2, 4, 6);
                      assertThat(back.predict(x).sameBits(model.predict(x))).isTrue();
                      assertThat(Models.bytes(SavedModel.of(back))).isEqualTo(file);
                    }));
  }

  @Test
  void layersOfMoreThanOneInputComeBackToo() {
    var attention = new MultiHeadAttention(6, 2, AttentionOptions.DEFAULT.widths(4, 3));
    var same =
        (MultiHeadAttention) Models.parse("m", Models.bytes(SavedModel.of(attention))).model();
    Tensor x = Tensor.randn(DType.F32, new Philox(1), 2, 6);
    Tensor k = x.slice(1, 0, 4);
    Tensor v = x.slice(1, 0, 3);
    assertThat(same.forward(x, k, v).sameBits(attention.forward(x, k, v))).isTrue();
    var decoder = new TransformerBlock(6, 2, SMALL.cross(true).dropout(0));
    var block = (TransformerBlock) Models.parse("m", Models.bytes(SavedModel.of(decoder))).model();
    assertThat(block.forward(x, x).sameBits(decoder.forward(x, x))).isTrue();
  }

  private static void bad(String config, String message) {
    String json = config.replace('\'', '"');
    assertThatThrownBy(
            () -> {
              Object parsed = Json.parse("m", json);
              Architecture architecture = Architecture.parse("m", parsed);
              architecture.tensors();
              architecture.build();
            })
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(message);
  }

  private static String lstm(String hidden, String layers, String dropout) {
    return "{'type':'LSTM','config':{'in':2,'hidden':"
        + hidden
        + ",'layers':"
        + layers
        + ",'bidirectional':true,'batchFirst':false,'dropout':"
        + dropout
        + ",'bias':true}}";
  }

  @Test
  void whatIsReadIsNotTrusted() {
    bad(lstm("3", "2000000000", "0"), "layers: at most 1,000 are expected");
    bad(lstm("2000000000", "1", "0"), "4 times the size 2000000000 is too large");
    bad(lstm("3", "1", "2"), "dropout must be in [0, 1]");
    String attention =
        "{'type':'MultiHeadAttention','config':{'width':6,'heads':4,'keyWidth':6,'valueWidth':6,"
            + "'dropout':0,'bias':true,'batchFirst':false,'causal':false}}";
    bad(attention, "4 heads do not divide the width 6");
    bad(attention.replace("'keyWidth':6", "'keyWidth':-1"), "a whole number from 0 up is expected");
    bad(
        "{'type':'LSTM','children':{'dropout':{'type':'ReLU'}},'config':{}}",
        "this layer has no children");
    bad(
        "{'type':'Unroll','config':{'times':2},'children':{'body':{'type':'ReLU'},'shortcut':{'type':'ReLU'}}}",
        "one child named body is expected");
    bad("{'type':'Select','config':{'dim':0,'index':'x'}}", "index: an index is expected");
  }
}
