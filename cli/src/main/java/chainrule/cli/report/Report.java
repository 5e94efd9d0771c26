package chainrule.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts a report's page together. */
public final class Report {
  private static final Pattern HOLE = Pattern.compile("\\{\\{(\\w+)}}");

  private Report() {}

  /**
   * The page for the given data.
   *
   * <p>Scripts and styles stand in the page and are named by their SHA-256 in its content security
   * policy, which allows nothing else: no other script, no connection, no picture from outside.
   *
   * @param title the page's title
   * @param data what {@code report.js} draws
   */
  public static String html(String title, Map<String, Object> data) {
    String css = resource("report.css");
    String js = resource("report.js");
    String chartJs = WebJar.CHART_JS.script("dist/chart.umd.js");
    Map<String, String> holes = new LinkedHashMap<>();
    holes.put(
        "policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; script-src %s %s; style-src %s"
            .formatted(hash(chartJs), hash(js), hash(css)));
    holes.put("title", escape(title));
    holes.put("css", css);
    holes.put("js", js);
    holes.put("chartJs", chartJs);
    holes.put("data", JsonText.of(data));
    return HOLE.matcher(resource("report.html"))
        .replaceAll(hole -> Matcher.quoteReplacement(holes.get(hole.group(1))));
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String resource(String name) {
    try (InputStream in = Report.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing from the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
