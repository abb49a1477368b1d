package autark.model.file;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// What `adapter_config.json` says of the low-rank adapter beside it.
///
/// A key that tells how the adapter was trained is passed over; one that changes what it computes
/// is honoured or refused by name. All other keys, those of the future among them, must be off:
/// null, false, zero or empty.
///
/// @param rank `r`, the rank of all pairs that no pattern names
/// @param alpha `lora_alpha`, likewise
/// @param rootOfRank whether alpha is divided by the root of the rank (`use_rslora`), not by the
///   rank
/// @param rankPattern ranks by the end of a module's name; the first that fits counts
/// @param alphaPattern alphas likewise
/// @param targets the ends of the names of the modules that are adapted, if the file lists them
/// @param sha256 of the file
public record PeftConfig(
        int rank,
        double alpha,
        boolean rootOfRank,
        SequencedMap<String, Double> rankPattern,
        SequencedMap<String, Double> alphaPattern,
        Optional<Set<String>> targets,
        String sha256) {
    public static final int RANK_MAX = 4096;

    static final int FILE_BYTES_MAX = 1 << 20;

    private static final int DEPTH_MAX = 16;
    private static final int NUMBER_DIGITS_MAX = 40;
    private static final int ENTRIES_MAX = 10_000;

    /// How the adapter was made and what it is for, or repeated by the tensors themselves.
    private static final Set<String> NEUTRAL =
            Set.of(
                    "auto_mapping",
                    "base_model_name_or_path",
                    "corda_config",
                    "eva_config",
                    "exclude_modules",
                    "inference_mode",
                    "layers_pattern",
                    "layers_to_transform",
                    "loftq_config",
                    "lora_dropout",
                    "lora_ga_config",
                    "megatron_core",
                    "peft_version",
                    "qalora_group_size",
                    "revision",
                    "runtime_config",
                    "task_type");

    /// Ways to begin the training that leave the weights of the base model as they are.
    private static final Set<String> HARMLESS_BEGINNINGS = Set.of("gaussian", "eva", "orthogonal");

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEPTH_MAX)
                                    .maxNumberLength(NUMBER_DIGITS_MAX)
                                    .build())
                    .build();

    /// Reads a file.
    ///
    /// @throws ModelFormatException if it is no such file, or says what cannot be honoured
    public static PeftConfig read(Path path) {
        try (Arena arena = Arena.ofConfined();
                ModelPart file = new ModelPart(path, arena)) {
            if (file.byteSize() > FILE_BYTES_MAX) {
                throw new ModelFormatException(
                        "%s: found %d bytes, expected at most %d"
                                .formatted(path, file.byteSize(), FILE_BYTES_MAX));
            }
            byte[] bytes = new byte[(int) file.byteSize()];
            file.read(0, ByteBuffer.wrap(bytes));
            return new Reader(path).read(bytes, ModelPart.sha256(List.of(file)));
        }
    }

    /// What alpha is divided by and multiplied with: the factor of `B A` of a module.
    public float scale(String module) {
        double moduleRank = rank(module);
        double divisor = rootOfRank ? Math.sqrt(moduleRank) : moduleRank;
        return (float) (find(alphaPattern, module, alpha) / divisor);
    }

    /// The rank of a module's pair.
    public int rank(String module) {
        return (int) find(rankPattern, module, rank);
    }

    /// Whether the module is one of those that are listed, if any are.
    public boolean isTarget(String module) {
        return targets.isEmpty()
                || targets.get().stream().anyMatch(target -> endsWith(module, target));
    }

    private static double find(Map<String, Double> pattern, String module, double otherwise) {
        for (Map.Entry<String, Double> entry : pattern.entrySet()) {
            if (endsWith(module, entry.getKey())) {
                return entry.getValue();
            }
        }
        return otherwise;
    }

    private static boolean endsWith(String module, String end) {
        return module.equals(end) || module.endsWith("." + end);
    }

    private static final class Reader {
        private final Path path;
        private Optional<Double> rank = Optional.empty();
        private Optional<Double> alpha = Optional.empty();
        private boolean typed;
        private boolean rootOfRank;
        private SequencedMap<String, Double> rankPattern = new LinkedHashMap<>();
        private SequencedMap<String, Double> alphaPattern = new LinkedHashMap<>();
        private Optional<Set<String>> targets = Optional.empty();

        Reader(Path path) {
            this.path = path;
        }

        PeftConfig read(byte[] json, String sha256) {
            try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw error("found no JSON object, expected the configuration of an adapter");
                }
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    parser.nextToken();
                    value(parser, key);
                }
                if (parser.nextToken() != null) {
                    throw error("found more behind the object, expected the end");
                }
            } catch (JacksonException e) {
                throw error("found no right JSON: " + e.getOriginalMessage());
            }
            if (!typed) {
                throw missing("peft_type", "\"LORA\"");
            }
            return new PeftConfig(
                    rank.orElseThrow(() -> missing("r", "the rank")).intValue(),
                    alpha.orElseThrow(() -> missing("lora_alpha", "a number")),
                    rootOfRank,
                    rankPattern,
                    alphaPattern,
                    targets,
                    sha256);
        }

        private void value(JsonParser parser, String key) {
            switch (key) {
                case "peft_type" -> {
                    one(parser, key, "LORA");
                    typed = true;
                }
                case "bias" -> one(parser, key, "none");
                case "r" -> rank = Optional.of(rank(parser, key));
                case "lora_alpha" -> alpha = Optional.of(alpha(parser, key));
                case "use_rslora" -> rootOfRank = truth(parser, key);
                case "rank_pattern" -> rankPattern = pattern(parser, key, this::rank);
                case "alpha_pattern" -> alphaPattern = pattern(parser, key, this::alpha);
                case "target_modules" -> targets = targets(parser);
                case "init_lora_weights" -> beginning(parser, key);
                default -> {
                    if (NEUTRAL.contains(key)) {
                        parser.skipChildren();
                    } else {
                        requireOff(parser, key);
                    }
                }
            }
        }

        private void one(JsonParser parser, String key, String only) {
            if (parser.currentToken() != JsonToken.VALUE_STRING
                    || !parser.getString().equals(only)) {
                throw unexpected(
                        parser, key, "\"%s\", the only one that Autark honours".formatted(only));
            }
        }

        private double rank(JsonParser parser, String key) {
            boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
            if (!whole || parser.getLongValue() < 1 || parser.getLongValue() > RANK_MAX) {
                throw unexpected(parser, key, "an integer of 1 to " + RANK_MAX);
            }
            return parser.getLongValue();
        }

        private double alpha(JsonParser parser, String key) {
            boolean number =
                    parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                            || parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT;
            if (!number || !Float.isFinite((float) parser.getDoubleValue())) {
                throw unexpected(parser, key, "a number");
            }
            return parser.getDoubleValue();
        }

        private boolean truth(JsonParser parser, String key) {
            JsonToken token = parser.currentToken();
            if (token != JsonToken.VALUE_TRUE && !isOff(parser)) {
                throw unexpected(parser, key, "true or false");
            }
            return token == JsonToken.VALUE_TRUE;
        }

        private interface NumberReader {
            double read(JsonParser parser, String key);
        }

        private SequencedMap<String, Double> pattern(
                JsonParser parser, String key, NumberReader numbers) {
            SequencedMap<String, Double> pattern = new LinkedHashMap<>();
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                return pattern;
            }
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw unexpected(parser, key, "an object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                if (!isPlain(name) || pattern.size() == ENTRIES_MAX) {
                    throw error(
                            "found %s in %s, expected at most %d names of modules: Autark takes no regular expressions here"
                                    .formatted(DisplayText.quoted(name), key, ENTRIES_MAX));
                }
                pattern.put(name, numbers.read(parser, key + " of " + name));
            }
            return pattern;
        }

        /// Whether a name means itself as a regular expression, but for its dots.
        private static boolean isPlain(String name) {
            return !name.isEmpty()
                    && name.chars()
                            .allMatch(character ->
                                    character >= 'a' && character <= 'z'
                                            || character >= 'A' && character <= 'Z'
                                            || character >= '0' && character <= '9'
                                            || character == '_'
                                            || character == '.');
        }

        /// A list of names; a regular expression or `all-linear` leaves it to the tensors to tell.
        private Optional<Set<String>> targets(JsonParser parser) {
            JsonToken token = parser.currentToken();
            if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NULL) {
                return Optional.empty();
            }
            if (token != JsonToken.START_ARRAY) {
                throw unexpected(parser, "target_modules", "names of modules");
            }
            List<String> names = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.VALUE_STRING
                        || names.size() == ENTRIES_MAX) {
                    throw unexpected(parser, "target_modules", "at most " + ENTRIES_MAX + " names");
                }
                names.add(parser.getString());
            }
            return Optional.of(Set.copyOf(names));
        }

        private void beginning(JsonParser parser, String key) {
            boolean named = parser.currentToken() == JsonToken.VALUE_STRING;
            boolean harmless =
                    named
                            ? HARMLESS_BEGINNINGS.contains(parser.getString())
                            : parser.currentToken().isBoolean()
                                    || parser.currentToken() == JsonToken.VALUE_NULL;
            if (!harmless) {
                throw unexpected(
                        parser,
                        key,
                        "true, false or one of %s: others change the weights of the base model"
                                .formatted(HARMLESS_BEGINNINGS.stream().sorted().toList()));
            }
        }

        private void requireOff(JsonParser parser, String key) {
            if (!isOff(parser)) {
                throw unexpected(
                        parser, DisplayText.quoted(key), "it to be off: Autark cannot honour it");
            }
        }

        /// Whether the value is null, false, zero or empty; leaves the parser behind it if so.
        private static boolean isOff(JsonParser parser) {
            return switch (parser.currentToken()) {
                case VALUE_NULL, VALUE_FALSE -> true;
                case VALUE_STRING -> parser.getString().isEmpty();
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue() == 0;
                case START_ARRAY -> parser.nextToken() == JsonToken.END_ARRAY;
                case START_OBJECT -> parser.nextToken() == JsonToken.END_OBJECT;
                default -> false;
            };
        }

        private ModelFormatException missing(String key, String expected) {
            return error("found no key %s, expected %s".formatted(key, expected));
        }

        private ModelFormatException unexpected(JsonParser parser, String key, String expected) {
            String found =
                    switch (parser.currentToken()) {
                        case VALUE_STRING,
                                VALUE_TRUE,
                                VALUE_FALSE,
                                VALUE_NULL,
                                VALUE_NUMBER_INT,
                                VALUE_NUMBER_FLOAT ->
                                DisplayText.quoted(parser.getString());
                        default -> "a list or an object";
                    };
            return error("found %s for key %s, expected %s".formatted(found, key, expected));
        }

        private ModelFormatException error(String message) {
            return new ModelFormatException("%s: %s".formatted(path, message));
        }
    }
}
