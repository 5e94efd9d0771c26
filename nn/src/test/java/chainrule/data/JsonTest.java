package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  private static void refused(String text, String message) {
    assertThatThrownBy(() -> Json.parse("j", text))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("j:")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void writesAndReadsTheSameValues() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", 1L);
    map.put("a", List.of(0.1, -1e-300, true, "tab\t\"quoted\" \\ \u0001 é \uD83D\uDE00"));
    map.put("empty", Map.of());
    map.put("list", List.of(Map.of("k", List.of()), Map.of()));
    for (String text : List.of(Json.write(map), Json.writePretty(map))) {
      assertThat(Json.parseObject("j", text)).isEqualTo(map);
    }
    assertThat(Json.parseObject("j", Json.write(map)).keySet())
        .containsExactly("z", "a", "empty", "list");
    assertThat(Json.write(map)).startsWith("{\"z\":1,\"a\":[0.1,-1.0E-300,true,");
  }

  @Test
  void writesForReaders() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("seed", 7);
    map.put("rows", List.of(Map.of("loss", 0.5f), Map.of("loss", Double.NaN)));
    map.put("shape", List.of(1, 2));
    assertThat(Json.writePretty(map))
        .isEqualTo(
            """
            {
              "seed": 7,
              "rows": [
                {
                  "loss": 0.5
                },
                {
                  "loss": null
                }
              ],
              "shape": [1, 2]
            }
            """);
    assertThat(Json.write(Arrays.asList(1, null))).isEqualTo("[1,null]");
  }

  @Test
  void refusesWhatIsNotPlain() {
    refused("", "empty where JSON is expected");
    refused("{\"a\":1,\n\"a\":2}", "j:2: the key 'a' appears twice");
    refused("[null]", "null stands");
    refused("[1e999]", "beyond the range of a double");
    refused("[9223372036854775808]", "beyond 64 bits");
    refused("[" + "9".repeat(500) + "]", "not JSON");
    refused("{} {}", "after the end");
    refused("[1,", "not JSON");
    refused("[NaN]", "not JSON");
    refused("[".repeat(100), "not JSON");
    refused("{\"a\":\"\n\"}", "not JSON");
    refused("[" + "0,".repeat(5_000_000) + "0]", "not JSON");
    assertThatThrownBy(() -> Json.parseObject("j", "[]"))
        .hasMessage("j: an object is expected, not a list");
  }

  @Test
  void preprocessingSurvivesTheTrip() {
    Tabular iris =
        Tabular.prepare(Datasets.irisTable(), TableOptions.target("petal_width"), 0.2, 3);
    Map<String, Object> map = iris.preprocessing().toMap();
    Preprocessing back = Preprocessing.fromMap("p", Json.parseObject("p", Json.writePretty(map)));
    assertThat(back).isEqualTo(iris.preprocessing());
    assertThat(back.columns())
        .containsExactly("sepal_length", "sepal_width", "petal_length", "species");
    assertThat(
            back.transform(Datasets.irisTable(), false)
                .x()
                .sameBits(iris.preprocessing().transform(Datasets.irisTable(), false).x()))
        .isTrue();
  }

  @Test
  void preprocessingTrustsNothing() {
    String good =
        "{'columns':[{'name':'a','type':'numeric','mean':0.5,'std':2.0},"
            + "{'name':'b','type':'categorical','categories':['u','v'],'fill':'u'}],"
            + "'target':{'name':'y','classes':['n','p']}}";
    assertThat(read(good).width()).isEqualTo(3);
    bad(good.replace("2.0", "0"), "columns[0]: std: a number above 0");
    bad(good.replace("2.0", "'2'"), "std: a finite number");
    bad(good.replace("'mean':0.5,", ""), "the field 'mean' is missing");
    bad(good.replace("'mean'", "'code':'x','mean'"), "the field 'code' is not known");
    bad(good.replace("'numeric'", "'text'"), "'text' is neither numeric nor categorical");
    bad(good.replace("'u','v'", "'u','u'"), "a name appears twice");
    bad(good.replace("'fill':'u'", "'fill':'w'"), "fill: 'w' is not a category");
    bad(good.replace("'b'", "'a'"), "'a' appears twice");
    bad(good.replace("'y'", "'a'"), "the target 'a' is also a column");
    bad(good.replace("'n','p'", "'n'"), "at least two");
    bad(good.replace("['n','p']", "3"), "a list is expected");
    bad("{'columns':[],'target':{}}", "1 to 10000 are expected");
  }

  private static Preprocessing read(String json) {
    return Preprocessing.fromMap("p", Json.parseObject("p", json.replace('\'', '"')));
  }

  private static void bad(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("p:")
        .hasMessageContaining(message);
  }
}
