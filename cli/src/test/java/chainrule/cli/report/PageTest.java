package chainrule.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A page of sections shows what it is given as text, and allows its own style alone. */
class PageTest {
  private static final String EVIL = "</style><script>alert('1')</script><b>";

  private static String page() {
    var page = new Page(EVIL, EVIL);
    page.section(EVIL);
    page.paragraph(EVIL);
    page.table(List.of(EVIL), List.of(List.of(EVIL), List.of("missed")));
    page.text(EVIL, EVIL);
    page.figure(EVIL, "<svg></svg>", List.of(EVIL));
    page.matrix(EVIL, List.of(EVIL), List.of(EVIL), new double[][] {{12.3456}});
    return page.html();
  }

  @Test
  void whatItIsGivenStaysText() {
    assertThat(page())
        .doesNotContain("<script")
        .doesNotContain("<b>")
        .contains("&lt;/style&gt;&lt;script&gt;")
        .contains("<td class=\"missed\">missed</td>");
    assertThat(Pattern.compile("</style>").matcher(page()).results()).hasSize(1);
  }

  @Test
  void thePolicyNamesTheStyleByItsHash() throws Exception {
    var style = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL).matcher(page());
    assertThat(style.find()).isTrue();
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(style.group(1).getBytes(StandardCharsets.UTF_8));
    assertThat(page())
        .contains(
            "default-src 'none'; style-src 'sha256-%s'"
                .formatted(Base64.getEncoder().encodeToString(digest)))
        .doesNotContain("style=");
  }

  @Test
  void numbersOfAMatrixAreShortAndTheLargestIsDarkest() {
    var page = new Page("", "");
    page.matrix(
        "", List.of("a"), List.of("", "", "", ""), new double[][] {{0, 12.3456, 2e-7, Double.NaN}});
    assertThat(page.html()).contains(">0</td>", ">12.3</td>", ">2.0e-07</td>", ">–</td>");
    var shaded = new Page("", "");
    shaded.matrix("", List.of("a"), List.of("", ""), new double[][] {{0, 980}});
    assertThat(shaded.html()).contains("h0\">0<", "h9\">980<");
  }
}
