package chainrule.data;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A CSV file as text: names, cells and the line of every row.
 *
 * <p>The first line names the columns. The separator is the comma, semicolon or tab that the first
 * line has most of; cells may be quoted as in RFC 4180, lines may end in CR LF, and the file is
 * UTF-8 with or without a byte-order mark. Cells and names are trimmed, blank lines skipped.
 * Refused, with the line: bytes that are not UTF-8, a first line of numbers only, names that are
 * empty or repeated, a row with more or fewer cells than there are names. Only the first column may
 * lack a name, since many programs write row numbers so; it is then called {@code column 1}.
 */
public final class CsvTable {
  private static final long LARGEST_FILE = 1L << 30;
  private static final int MOST_COLUMNS = 10_000;

  /** What a short cell takes in memory for each byte in the file, measured on tables of numbers. */
  private static final int BYTES_PER_BYTE = 10;

  private static final Pattern IN_LINE = Pattern.compile("in line (\\d{1,18})");

  private final String name;
  private final List<String> header;
  private final Map<String, Integer> columns;
  private final List<String[]> cells;
  private final long[] lines;

  private CsvTable(String name, List<String> header, List<String[]> cells, long[] lines) {
    this.name = name;
    this.header = List.copyOf(header);
    this.columns = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      columns.put(header.get(i), i);
    }
    this.cells = cells;
    this.lines = lines;
  }

  /** The table in a file. */
  public static CsvTable read(Path path) {
    String name = path.toString();
    try (InputStream in = Files.newInputStream(path)) {
      long size = Files.size(path);
      if (size > LARGEST_FILE) {
        throw DataException.in(
            name, "a CSV file of %d bytes; at most 2^30 are read".formatted(size));
      }
      Memory.require(name, size * BYTES_PER_BYTE);
      return parse(name, in.readNBytes((int) size));
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
  }

  /** The table in a file's bytes; the name stands in messages. */
  public static CsvTable parse(String name, byte[] file) {
    String text = decode(name, file);
    if (text.isBlank()) {
      throw DataException.in(
          name, "the file is empty; a line with the names of the columns is expected");
    }
    List<String> header = List.of();
    List<String[]> cells = new ArrayList<>();
    List<Long> lines = new ArrayList<>();
    long line = 0;
    try (CsvReader<CsvRecord> reader = reader(text)) {
      for (CsvRecord row : reader) {
        line = row.getStartingLineNumber();
        String[] trimmed = row.getFields().stream().map(String::strip).toArray(String[]::new);
        if (trimmed.length == 1 && trimmed[0].isEmpty()) {
          continue;
        }
        if (header.isEmpty()) {
          header = header(name, line, trimmed);
        } else if (trimmed.length != header.size()) {
          throw DataException.at(
              name,
              line,
              "the row has %d cells, the header names %d columns"
                  .formatted(trimmed.length, header.size()));
        } else {
          cells.add(trimmed);
          lines.add(line);
        }
      }
    } catch (CsvParseException e) {
      throw new DataException(
          name + ":" + lineOf(e, line + 1) + ": not a CSV row: " + reason(e), e);
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
    if (cells.isEmpty()) {
      throw DataException.in(name, "the file has no row after the names of its columns");
    }
    return new CsvTable(name, header, cells, lines.stream().mapToLong(Long::longValue).toArray());
  }

  private static CsvReader<CsvRecord> reader(String text) {
    return CsvReader.builder()
        .fieldSeparator(separator(text))
        .quoteCharacter('"')
        .commentStrategy(CommentStrategy.NONE)
        .skipEmptyLines(true)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .trimWhitespacesAroundQuotes(true)
        .allowUnclosedQuote(false)
        .ofCsvRecord(text);
  }

  private static String decode(String name, byte[] file) {
    int start =
        file.length >= 3
                && file[0] == (byte) 0xEF
                && file[1] == (byte) 0xBB
                && file[2] == (byte) 0xBF
            ? 3
            : 0;
    ByteBuffer bytes = ByteBuffer.wrap(file, start, file.length - start);
    CharBuffer chars = CharBuffer.allocate(bytes.remaining());
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(bytes, chars, true);
    if (result.isError()) {
      long line = 1 + chars.flip().chars().filter(c -> c == '\n').count();
      throw DataException.at(
          name,
          line,
          "byte 0x%02x is not UTF-8; save the file as UTF-8"
              .formatted(file[bytes.position()] & 0xff));
    }
    return chars.flip().toString();
  }

  private static char separator(String text) {
    int first = 0;
    while (Character.isWhitespace(text.charAt(first)) && text.charAt(first) != '\t') {
      first++;
    }
    int[] counts = new int[3];
    String separators = ",;\t";
    boolean quoted = false;
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == '\n' || c == '\r')) {
        break;
      } else if (!quoted && separators.indexOf(c) >= 0) {
        counts[separators.indexOf(c)]++;
      }
    }
    int best = 0;
    for (int i = 1; i < counts.length; i++) {
      best = counts[i] > counts[best] ? i : best;
    }
    return separators.charAt(best);
  }

  private static List<String> header(String name, long line, String[] names) {
    if (names.length > MOST_COLUMNS) {
      throw DataException.at(
          name, line, "%d columns; at most %d are read".formatted(names.length, MOST_COLUMNS));
    }
    boolean numbers = true;
    for (String cell : names) {
      numbers &= Cells.isNumber(cell);
    }
    if (numbers) {
      throw DataException.at(
          name,
          line,
          "the first line holds numbers only; the names of the columns are expected there");
    }
    Map<String, Integer> seen = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      String column = names[i].isEmpty() && i == 0 ? UNNAMED : names[i];
      if (column.isEmpty()) {
        throw DataException.at(name, line, "column %d has no name".formatted(i + 1));
      }
      Integer before = seen.putIfAbsent(column, i);
      if (before != null) {
        throw DataException.at(
            name,
            line,
            "columns %d and %d are both named %s"
                .formatted(before + 1, i + 1, DataException.quote(column)));
      }
    }
    return List.copyOf(seen.keySet());
  }

  /** What the first column is called when it has no name. */
  static final String UNNAMED = "column 1";

  private static String reason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  /** The parser tells the line in words only. */
  private static long lineOf(CsvParseException e, long otherwise) {
    Matcher matcher = IN_LINE.matcher(String.valueOf(e.getMessage()));
    return matcher.find() ? Long.parseLong(matcher.group(1)) : otherwise;
  }

  /** The file, as messages show it. */
  public String name() {
    return name;
  }

  /** The names of the columns, in the order of the file. */
  public List<String> header() {
    return header;
  }

  /** The number of rows after the header. */
  public int rows() {
    return cells.size();
  }

  /** The trimmed text of a cell; rows and columns count from 0. */
  public String cell(int row, int column) {
    return cells.get(row)[column];
  }

  /** The line of the file at which a row starts, from 1. */
  public long line(int row) {
    return lines[row];
  }

  /** The position of a column, or −1 when the table has none of that name. */
  public int column(String columnName) {
    return columns.getOrDefault(columnName, -1);
  }

  /**
   * Whether a cell counts as missing: empty, {@code ?}, or NA or NaN in capitals, mixed or small.
   */
  public static boolean isMissing(String cell) {
    return Cells.isMissing(cell);
  }

  /** An error at a cell. */
  DataException error(int row, int column, String sentence) {
    return DataException.at(
        name,
        line(row),
        "%s in column %s %s"
            .formatted(
                DataException.quote(cell(row, column)),
                DataException.quote(header.get(column)),
                sentence));
  }
}
