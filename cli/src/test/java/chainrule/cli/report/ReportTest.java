package chainrule.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page holds everything, allows nothing else, and cannot be broken out of. */
class ReportTest {
  private static final String EVIL = "</script><script>alert('1')</script><!-- & \u2028 $1 {{css}}";

  private static String page() {
    return Report.html(EVIL, Map.of("title", EVIL, "values", new double[] {1, Double.NaN, 0.5}));
  }

  @Test
  void namesInTheDataStayData() {
    String page = page();
    assertThat(page).doesNotContain("<script>alert").contains("\\u003c/script>");
    assertThat(page).contains("<title>&lt;/script&gt;");
    assertThat(Pattern.compile("<script").matcher(page).results()).hasSize(3);
    assertThat(page).contains("[1,null,0.5]");
  }

  @Test
  void thePolicyNamesEveryScriptAndStyleByItsHash() throws Exception {
    String page = page();
    Map<String, Integer> counts = Map.of("script", 2, "style", 1);
    for (String tag : counts.keySet()) {
      var found = Pattern.compile("<" + tag + ">(.*?)</" + tag + ">", Pattern.DOTALL).matcher(page);
      List<String> contents = new ArrayList<>();
      while (found.find()) {
        contents.add(found.group(1));
      }
      assertThat(contents).hasSize(counts.get(tag));
      for (String content : contents) {
        byte[] digest =
            MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
        assertThat(page).contains("sha256-" + Base64.getEncoder().encodeToString(digest));
      }
    }
  }

  @Test
  void nothingIsLoadedFromOutside() {
    assertThat(page())
        .contains("default-src 'none'")
        .doesNotContain("src=")
        .doesNotContain("href=")
        .doesNotContain("@import")
        .doesNotContain("sourceMappingURL");
  }

  @Test
  void jsonIsJson() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("text", "a\"b\\c\n\t\u0001é<");
    map.put("numbers", Arrays.asList(1, 2L, 0.5f, 3.0, Double.POSITIVE_INFINITY, null));
    map.put("arrays", List.of(new int[] {1, 2}, new float[] {1.5f}, new double[0]));
    map.put("nothing", Map.of());
    map.put("none", List.of());
    map.put("yes", true);
    assertThat(JsonText.of(map))
        .isEqualTo(
            "{\"text\":\"a\\\"b\\\\c\\n\\t\\u0001é\\u003c\",\"numbers\":[1,2,0.5,3,null,null],"
                + "\"arrays\":[[1,2],[1.5],[]],\"nothing\":{},\"none\":[],\"yes\":true}");
  }
}
