package autark.engine.typed;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Random values of a type, each beside the JSON that stands for it. It knows nothing of how the
/// engine reads types.
final class RandomValues {
    private static final int DEPTH_MAX = 4;
    private static final JsonNodeFactory JSON = JsonMapper.shared().getNodeFactory();

    private final SplittableRandom random;
    private final Map<TypeVariable<?>, Type> variables = new HashMap<>();

    RandomValues(long seed) {
        random = new SplittableRandom(seed);
    }

    /// A value and how it is written.
    record Sample(@Nullable Object value, JsonNode json) {}

    Sample next(Type type) {
        try {
            return next(type, 0);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private Sample next(Type type, int depth) throws ReflectiveOperationException {
        return switch (type) {
            case TypeVariable<?> variable -> next(variables.get(variable), depth);
            case WildcardType wildcard -> next(wildcard.getUpperBounds()[0], depth);
            case GenericArrayType array -> array(array.getGenericComponentType(), depth);
            case ParameterizedType generic -> generic(generic, depth);
            case Class<?> array when array.isArray() -> array(array.getComponentType(), depth);
            case Class<?> record when record.isRecord() -> record(record, "", depth);
            case Class<?> choice when choice.isSealed() && choice.isInterface() ->
                    variant(choice, depth);
            case Class<?> constants when constants.isEnum() -> {
                Object[] all = constants.getEnumConstants();
                Object constant = all[random.nextInt(all.length)];
                yield new Sample(constant, JSON.stringNode(((Enum<?>) constant).name()));
            }
            case Class<?> scalar -> scalar(scalar);
            default -> throw new AssertionError(type);
        };
    }

    private Sample generic(ParameterizedType type, int depth) throws ReflectiveOperationException {
        Type[] arguments = type.getActualTypeArguments();
        Class<?> raw = (Class<?>) type.getRawType();
        if (raw == Optional.class) {
            if (depth >= DEPTH_MAX || random.nextBoolean()) {
                return new Sample(Optional.empty(), JSON.nullNode());
            }
            Sample inside = next(arguments[0], depth + 1);
            return new Sample(Optional.ofNullable(inside.value), inside.json);
        } else if (raw == List.class) {
            ArrayNode json = JSON.arrayNode();
            return new Sample(items(arguments[0], depth, json), json);
        } else if (raw == Set.class) {
            Map<Object, JsonNode> distinct = new LinkedHashMap<>();
            for (int i = 0; i < 3; i++) {
                Sample item = next(arguments[0], depth + 1);
                distinct.put(item.value, item.json);
            }
            ArrayNode json = JSON.arrayNode();
            distinct.values().forEach(json::add);
            Set<Object> values = new LinkedHashSet<>(distinct.keySet());
            return new Sample(Collections.unmodifiableSet(values), json);
        } else if (raw == Map.class) {
            return map(arguments[1], depth);
        }
        TypeVariable<?>[] parameters = raw.getTypeParameters();
        Map<TypeVariable<?>, Type> outer = new HashMap<>(variables);
        for (int i = 0; i < parameters.length; i++) {
            variables.put(parameters[i], arguments[i]);
        }
        Sample record = record(raw, "", depth);
        variables.clear();
        variables.putAll(outer);
        return record;
    }

    private Sample map(Type value, int depth) throws ReflectiveOperationException {
        Map<String, Object> values = new LinkedHashMap<>();
        ObjectNode json = JSON.objectNode();
        for (int i = depth < DEPTH_MAX ? random.nextInt(3) : 0; i > 0; i--) {
            Sample sample = next(value, depth + 1);
            String key = text();
            values.put(key, sample.value);
            json.set(key, sample.json);
        }
        return new Sample(values, json);
    }

    private List<Object> items(Type type, int depth, ArrayNode json)
            throws ReflectiveOperationException {
        List<Object> items = new ArrayList<>();
        for (int i = depth < DEPTH_MAX ? random.nextInt(4) : 0; i > 0; i--) {
            Sample item = next(type, depth + 1);
            items.add(item.value);
            json.add(item.json);
        }
        return items;
    }

    private Sample array(Type type, int depth) throws ReflectiveOperationException {
        ArrayNode json = JSON.arrayNode();
        List<Object> items = items(type, depth, json);
        Class<?> raw =
                type instanceof ParameterizedType generic
                        ? (Class<?>) generic.getRawType()
                        : (Class<?>) type;
        Object array = Array.newInstance(raw, items.size());
        for (int i = 0; i < items.size(); i++) {
            Array.set(array, i, items.get(i));
        }
        return new Sample(array, json);
    }

    private Sample variant(Class<?> type, int depth) throws ReflectiveOperationException {
        Class<?>[] permitted = type.getPermittedSubclasses();
        Class<?> chosen = permitted[depth < DEPTH_MAX ? random.nextInt(permitted.length) : 0];
        return chosen.isRecord()
                ? record(chosen, chosen.getSimpleName(), depth)
                : variant(chosen, depth);
    }

    private Sample record(Class<?> type, String tag, int depth)
            throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        ObjectNode json = JSON.objectNode();
        if (!tag.isEmpty()) {
            json.put("type", tag);
        }
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            AnnotatedElement use = components[i].getAnnotatedType();
            boolean absent =
                    use.isAnnotationPresent(Nullable.class)
                            && (depth >= DEPTH_MAX || random.nextBoolean());
            Sample sample =
                    absent
                            ? new Sample(null, JSON.nullNode())
                            : next(components[i].getGenericType(), depth + 1);
            values[i] = sample.value;
            json.set(components[i].getName(), sample.json);
        }
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return new Sample(constructor.newInstance(values), json);
    }

    private Sample scalar(Class<?> type) {
        if (type == String.class) {
            String text = text();
            return new Sample(text, JSON.stringNode(text));
        } else if (type == boolean.class || type == Boolean.class) {
            boolean truth = random.nextBoolean();
            return new Sample(truth, JSON.booleanNode(truth));
        }
        return type.isPrimitive() || Number.class.isAssignableFrom(type)
                ? number(type)
                : noted(type);
    }

    private Sample number(Class<?> type) {
        if (type == float.class || type == Float.class) {
            float value = (float) real();
            return new Sample(value, JSON.numberNode(new BigDecimal(Float.toString(value))));
        } else if (type == double.class || type == Double.class) {
            double value = real();
            return new Sample(value, JSON.numberNode(new BigDecimal(Double.toString(value))));
        } else if (type == BigDecimal.class) {
            BigDecimal value = BigDecimal.valueOf(random.nextLong(), random.nextInt(15));
            return new Sample(value, JSON.numberNode(value));
        } else if (type == BigInteger.class) {
            BigInteger value = BigInteger.valueOf(random.nextLong()).multiply(BigInteger.TEN);
            return new Sample(value, JSON.numberNode(value));
        }
        long bits = random.nextLong();
        Object value =
                switch (type.getSimpleName().charAt(0)) {
                    case 'b', 'B' -> (byte) bits;
                    case 's', 'S' -> (short) bits;
                    case 'i', 'I' -> (int) bits;
                    default -> bits;
                };
        return new Sample(value, JSON.numberNode(((Number) value).longValue()));
    }

    /// One of those that need at most the 20 digits after the point that an answer may have.
    private double real() {
        double scale = Math.pow(10, random.nextInt(3, 14));
        return random.nextInt(8) == 0 ? 0 : random.nextDouble(-1, 1) * scale;
    }

    private Sample noted(Class<?> type) {
        LocalDate date = LocalDate.ofEpochDay(random.nextLong(-700_000, 2_900_000));
        LocalTime time = LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000_000L));
        DateTimeFormatter seconds = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSSSSS");
        if (type == LocalDate.class) {
            return string(date, date.toString());
        } else if (type == LocalTime.class) {
            return string(time, seconds.format(time));
        } else if (type == LocalDateTime.class) {
            return string(date.atTime(time), date + "T" + seconds.format(time));
        } else if (type == Instant.class) {
            Instant instant = date.atTime(time).toInstant(ZoneOffset.UTC);
            return string(instant, date + "T" + seconds.format(time) + "Z");
        } else if (type == Duration.class) {
            Duration duration = Duration.ofSeconds(random.nextLong(1L << 40), time.getNano());
            return string(duration, duration.toString());
        } else if (type == UUID.class) {
            UUID id = new UUID(random.nextLong(), random.nextLong());
            return string(id, id.toString());
        } else if (type == URI.class) {
            URI link = URI.create("https://example.org:80/a%20b/" + date + "?q=" + time + "#x");
            return string(link, link.toString());
        }
        throw new AssertionError(type);
    }

    private static Sample string(Object value, String text) {
        return new Sample(value, JSON.stringNode(text));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.appendCodePoint(
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(0x20, 0x7F);
                        case 1 -> random.nextInt(0x20);
                        case 2 -> random.nextInt(0xA0, 0xD800);
                        default -> random.nextInt(0x1F300, 0x1F600);
                    });
        }
        return text.toString();
    }
}
