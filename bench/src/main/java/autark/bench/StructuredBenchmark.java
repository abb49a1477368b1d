package autark.bench;

import autark.engine.Engine;
import autark.engine.EngineOptions;
import autark.engine.Format;
import autark.engine.Request;
import autark.engine.TokenStream;
import autark.engine.sample.Sampling;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Many answers of a model with random weights that have to be JSON of a schema, each read back:
/// `bench/structured`. Whatever such a model writes, it writes by chance, so what is wrong with the
/// masks shows.
public final class StructuredBenchmark {
    private static final int VOCAB_SIZE = 8_192;
    private static final int TOGETHER = 32;
    private static final int TOKENS_MAX = 120;

    private StructuredBenchmark() {}

    enum Currency {
        EUR,
        USD,
        CNY
    }

    record Line(String text, int count, BigDecimal price) {}

    record Invoice(String number, LocalDate date, Currency currency, List<Line> lines) {}

    sealed interface Shape {
        record Circle(double radius) implements Shape {}

        record Box(double width, double height, Optional<String> label) implements Shape {}
    }

    record Person(String name, int age, boolean member, Map<String, String> notes) {}

    private static final List<Class<?>> TYPES = List.of(Invoice.class, Shape.class, Person.class);

    private record Asked(Class<?> type, TokenStream stream) {}

    /// @param arguments the number of answers
    public static void main(String[] arguments) throws IOException {
        int count = Integer.parseInt(arguments[0]);
        Path file = Files.createTempFile("random", ".gguf");
        try {
            RandomModel.write(
                    new RandomModel.Shape(2, 128, 256, 2, 1, VOCAB_SIZE, 1024),
                    RandomModel.Mix.parse("Q8_0"),
                    file);
            try (Engine engine =
                    Engine.open(file, EngineOptions.defaults().withRunningMax(TOGETHER))) {
                ask(engine, count);
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void ask(Engine engine, int count) {
        ArrayDeque<Asked> asked = new ArrayDeque<>();
        int invalid = 0;
        int closed = 0;
        long start = System.nanoTime();
        for (int i = 0; i < count + TOGETHER; i++) {
            if (i < count) {
                asked.add(ask(engine, TYPES.get(i % TYPES.size()), i));
            }
            if (i >= TOGETHER && !asked.isEmpty()) {
                Asked next = asked.remove();
                String text = next.stream.text();
                closed += next.stream.result().tokens().size() < TOKENS_MAX ? 0 : 1;
                invalid += valid(next.type, text) ? 0 : 1;
            }
        }
        System.out.printf(
                "%d answers, %d invalid, %d closed before their tokens ran out, %.0f s%n",
                count, invalid, closed, (System.nanoTime() - start) / 1e9);
        System.exit(invalid == 0 ? 0 : 1);
    }

    private static Asked ask(Engine engine, Class<?> type, long seed) {
        Request request =
                Request.raw("{")
                        .withSampling(Sampling.plain().withSeed(seed))
                        .withMaxTokens(TOKENS_MAX)
                        .withFormat(Format.JsonSchema.of(type));
        return new Asked(type, engine.generate(request));
    }

    private static boolean valid(Class<?> type, String text) {
        try {
            JsonNode json = JsonMapper.shared().readTree(text);
            return switch (type.getSimpleName()) {
                case "Invoice" -> invoice(json);
                case "Shape" -> shape(json);
                default -> person(json);
            };
        } catch (RuntimeException e) {
            System.out.println(type.getSimpleName() + ": " + text + ": " + e);
            return false;
        }
    }

    private static boolean invoice(JsonNode json) {
        LocalDate.parse(json.get("date").stringValue());
        Currency.valueOf(json.get("currency").stringValue());
        boolean lines = json.get("lines").isArray();
        for (JsonNode line : json.get("lines")) {
            lines &=
                    line.size() == 3
                            && line.get("text").isString()
                            && line.get("count").canConvertToInt()
                            && line.get("price").isNumber();
        }
        return json.size() == 4 && json.get("number").isString() && lines;
    }

    private static boolean shape(JsonNode json) {
        return switch (json.get("type").stringValue()) {
            case "Circle" -> json.size() == 2 && json.get("radius").isNumber();
            case "Box" ->
                    json.size() == 4
                            && json.get("width").isNumber()
                            && json.get("height").isNumber()
                            && (json.get("label").isNull() || json.get("label").isString());
            default -> false;
        };
    }

    private static boolean person(JsonNode json) {
        boolean notes = json.get("notes").isObject();
        for (JsonNode note : json.get("notes")) {
            notes &= note.isString();
        }
        return json.size() == 4
                && json.get("name").isString()
                && json.get("age").canConvertToInt()
                && json.get("member").isBoolean()
                && notes;
    }
}
