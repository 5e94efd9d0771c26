package chainrule.cli;

import chainrule.cli.report.JsonText;
import chainrule.data.DataException;
import chainrule.formats.Models;
import chainrule.nn.Module;
import chainrule.nn.Summary;
import chainrule.tensor.Shape;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code chainrule summary}. */
@Command(
    name = "summary",
    description = {
      "Show a network layer by layer: output shape, parameters, FLOPs, memory.",
      "",
      "A file .json holds an architecture as a model file does:"
          + " {\"type\": …, \"config\": {…}, \"children\": {…}}."
    },
    footerHeading = "%nExamples%n",
    footer = {
      "  chainrule summary runs/digits/model.safetensors",
      "  chainrule summary lenet.json --input 1x28x28"
    })
final class SummaryCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Main main;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A file model.safetensors, or an architecture in a file .json.")
  private @Nullable Path model;

  @Option(
      names = "--input",
      paramLabel = "SHAPE",
      description = "The shape of one sample, such as 64 or 1x28x28.")
  private @Nullable String input;

  @Option(names = "--json", description = "Print a JSON object and nothing else.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Terminal terminal = Objects.requireNonNull(main).terminal();
    Path file = Objects.requireNonNull(model);
    Module network =
        file.toString().endsWith(".json")
            ? Models.build(file.toString(), text(file))
            : Models.load(file).model();
    Summary summary = Summary.of(network, input == null ? usual(network) : sizes(input));
    terminal.out().println(json ? JsonText.of(map(summary)) : summary.toString());
    terminal.out().flush();
    return Main.DONE;
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw DataException.in(file.toString(), "not text in UTF-8");
    }
  }

  private static int[] sizes(String shape) {
    try {
      int[] sizes = Arrays.stream(shape.split("[x×,]")).mapToInt(Integer::parseInt).toArray();
      if (Arrays.stream(sizes).allMatch(n -> n > 0)) {
        return sizes;
      }
    } catch (NumberFormatException notANumber) {
      throw noShape(shape);
    }
    throw noShape(shape);
  }

  private static UsageException noShape(String shape) {
    return new UsageException(
        "--input %s: sizes from 1 up are wanted, such as 64 or 1x28x28".formatted(shape));
  }

  /** What a sample is, if the first layer says so. */
  private static int[] usual(Module network) {
    for (Module layer : network.namedModules().values()) {
      Map<String, Object> config = layer.config();
      if (layer.type().equals("Linear") && config.get("in") instanceof Integer in) {
        return new int[] {in};
      }
      if (layer.type().equals("Unflatten") && config.get("sizes") instanceof List<?> sizes) {
        return new int[] {
          sizes.stream().mapToInt(size -> (Integer) size).reduce(1, (a, b) -> a * b)
        };
      }
      if (layer.children().isEmpty() && !layer.parameters().isEmpty()) {
        throw new UsageException(
            "what is a sample? its first layer with weights is %s; --input with the sizes, such as 1x28x28"
                .formatted(layer));
      }
    }
    throw new UsageException("what is a sample? --input with the sizes, such as 64 or 1x28x28");
  }

  private static Map<String, Object> map(Summary summary) {
    List<Map<String, @Nullable Object>> layers = new ArrayList<>();
    for (Summary.Row row : summary.rows()) {
      Shape output = row.output();
      Map<String, @Nullable Object> layer = new LinkedHashMap<>();
      layer.put("name", row.name());
      layer.put("type", row.type());
      layer.put("depth", row.depth());
      layer.put("output", output == null ? null : Arrays.stream(output.toArray()).boxed().toList());
      layer.put("parameters", row.parameters());
      layer.put("shared", row.again());
      layer.put("flops", row.flops());
      layer.put("bytes", row.bytes());
      layers.add(layer);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("layers", layers);
    map.put("parameters", summary.parameters());
    map.put("trained", summary.trained());
    map.put("frozen", summary.frozen());
    map.put("buffers", summary.buffers());
    map.put("parameterBytes", summary.parameterBytes());
    map.put("flops", summary.flops());
    map.put("activationBytes", summary.activationBytes());
    return map;
  }
}
