package autark.engine.typed;

import autark.engine.AnswerTypeException;
import autark.engine.Description;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a Java type: its shape, and the records and sealed interfaces that it is made of.
///
/// The only class that reflects. What it looks at is what a caller's code names by a class literal,
/// and what that class names in turn; no name ever comes from an answer. It calls constructors of
/// records and nothing else.
final class TypeReader {
    /// Most records and sealed interfaces in one type.
    static final int DEFINITIONS_MAX = 200;

    /// Most levels of types in types.
    static final int DEPTH_MAX = 32;

    private static final String SUPPORTED =
            "supported are records, sealed interfaces of records, enums, arrays, List, Set,"
                    + " Map<String, ...>, Optional, String, boolean, numbers of all kinds,"
                    + " LocalDate, LocalTime, LocalDateTime, Instant, Duration, UUID and URI";

    private final Map<Resolved, String> names = new HashMap<>();
    private final Set<String> takenNames = new LinkedHashSet<>();
    private final Map<String, Definition> definitions = new LinkedHashMap<>();
    private int depth;

    /// The definitions that were met, by their names in the order in which they were named.
    Map<String, Definition> definitions() {
        Map<String, Definition> ordered = new LinkedHashMap<>();
        for (String name : takenNames) {
            Definition definition = definitions.get(name);
            if (definition != null) {
                ordered.put(name, definition);
            }
        }
        return Collections.unmodifiableMap(ordered);
    }

    /// The shape of a class.
    ///
    /// @throws AnswerTypeException if it, or what it is made of, is not supported
    Shape read(Class<?> type) {
        String place = type.isArray() ? type.getSimpleName() : "";
        return shape(resolve(type, Map.of(), place), place);
    }

    private Resolved resolve(Type type, Map<TypeVariable<?>, Resolved> variables, String place) {
        if (++depth > DEPTH_MAX) {
            throw tooDeep(place);
        }
        Resolved resolved =
                switch (type) {
                    case Class<?> array when array.isArray() ->
                            arrayOf(resolve(array.getComponentType(), variables, place));
                    case Class<?> plain -> new Resolved(plain, List.of());
                    case GenericArrayType array ->
                            arrayOf(resolve(array.getGenericComponentType(), variables, place));
                    case WildcardType wildcard ->
                            resolve(wildcard.getUpperBounds()[0], variables, place);
                    case ParameterizedType generic -> {
                        List<Resolved> arguments = new ArrayList<>();
                        for (Type argument : generic.getActualTypeArguments()) {
                            arguments.add(resolve(argument, variables, place));
                        }
                        yield new Resolved((Class<?>) generic.getRawType(), arguments);
                    }
                    default -> {
                        Resolved bound = variables.get(type);
                        if (bound == null) {
                            throw unsupported(place, type.getTypeName());
                        }
                        yield bound;
                    }
                };
        depth--;
        return resolved;
    }

    private static Resolved arrayOf(Resolved item) {
        return new Resolved(item.raw().arrayType(), List.of(item));
    }

    private Shape shape(Resolved type, String place) {
        if (++depth > DEPTH_MAX) {
            throw tooDeep(place);
        }
        Class<?> raw = type.raw();
        Shape shape;
        if (raw.isArray()) {
            Class<?> item = type.arguments().getFirst().raw();
            shape = new Shape.Items(argument(type, 0, place, "[]"), false, v -> array(item, v));
        } else if (raw == List.class) {
            shape = new Shape.Items(argument(type, 0, place, "[]"), false, List::copyOf);
        } else if (raw == Set.class) {
            shape = new Shape.Items(argument(type, 0, place, "[]"), true, TypeReader::set);
        } else if (raw == Map.class) {
            shape = entries(type, place);
        } else if (raw == Optional.class) {
            shape = new Shape.Maybe(argument(type, 0, place, ""), Shape.Absence.EMPTY_OPTIONAL);
        } else if (raw.isEnum()) {
            shape = constants(raw, place);
        } else if (raw.isRecord() || (raw.isSealed() && raw.isInterface())) {
            shape = named(type, place);
        } else {
            shape = Scalars.of(raw).orElseThrow(() -> unsupported(place, type.toString()));
        }
        depth--;
        return shape;
    }

    private Shape entries(Resolved type, String place) {
        Shape value = argument(type, 1, place, "{}");
        Resolved key = type.arguments().getFirst();
        if (key.raw() != String.class) {
            throw unsupported(place, type.toString());
        }
        return new Shape.Entries(value);
    }

    private Shape argument(Resolved type, int index, String place, String suffix) {
        if (type.arguments().size() <= index) {
            throw new AnswerTypeException(
                    at(place)
                            + "found %s without type arguments, expected %s<...> in a record, or an array"
                                    .formatted(
                                            type.raw().getSimpleName(),
                                            type.raw().getSimpleName()));
        }
        Shape shape = shape(type.arguments().get(index), place + suffix);
        if (shape instanceof Shape.Maybe) {
            throw new AnswerTypeException(
                    at(place)
                            + "found %s, expected Optional only as the type of a record's component"
                                    .formatted(type));
        }
        return shape;
    }

    private static Object set(List<Object> values) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }

    private static Object array(Class<?> item, List<Object> values) {
        Object array = Array.newInstance(item, values.size());
        for (int i = 0; i < values.size(); i++) {
            Array.set(array, i, values.get(i));
        }
        return array;
    }

    private static Shape constants(Class<?> type, String place) {
        Map<String, Object> byName = new LinkedHashMap<>();
        for (Object constant : type.getEnumConstants()) {
            byName.put(((Enum<?>) constant).name(), constant);
        }
        if (byName.isEmpty()) {
            throw new AnswerTypeException(
                    at(place) + type.getTypeName() + ": found an enum without constants");
        }
        return new Shape.Constants(Collections.unmodifiableMap(byName));
    }

    private Shape named(Resolved type, String place) {
        String known = names.get(type);
        if (known != null) {
            return new Shape.Named(known);
        }
        if (names.size() >= DEFINITIONS_MAX) {
            throw new AnswerTypeException(
                    at(place)
                            + "found more than %d records and sealed interfaces in one type"
                                    .formatted(DEFINITIONS_MAX));
        }
        Class<?> raw = type.raw();
        String name = raw.getSimpleName();
        for (int i = 2; !takenNames.add(name); i++) {
            name = raw.getSimpleName() + i;
        }
        names.put(type, name);
        String start = place.isEmpty() ? raw.getSimpleName() : place;
        definitions.put(name, raw.isRecord() ? structure(type, start) : variants(type, start));
        return new Shape.Named(name);
    }

    private Definition.Structure structure(Resolved type, String place) {
        Class<?> raw = type.raw();
        TypeVariable<?>[] parameters = raw.getTypeParameters();
        Map<TypeVariable<?>, Resolved> variables = new HashMap<>();
        for (int i = 0; i < Math.min(parameters.length, type.arguments().size()); i++) {
            variables.put(parameters[i], type.arguments().get(i));
        }
        List<Definition.Member> members = new ArrayList<>();
        for (RecordComponent component : raw.getRecordComponents()) {
            String inside = place + "." + component.getName();
            Shape shape = shape(resolve(component.getGenericType(), variables, inside), inside);
            if (isNullable(component) && !(shape instanceof Shape.Maybe)) {
                shape = new Shape.Maybe(shape, Shape.Absence.NULL);
            }
            members.add(new Definition.Member(component.getName(), description(component), shape));
        }
        return new Definition.Structure(description(raw), List.copyOf(members), maker(raw));
    }

    /// Whether an annotation says so, of whatever library.
    private static boolean isNullable(RecordComponent component) {
        return !component.getType().isPrimitive()
                && List.of(component.getAnnotatedType(), component, component.getAccessor())
                        .stream()
                        .flatMap(element -> Arrays.stream(element.getAnnotations()))
                        .anyMatch(a -> a.annotationType().getSimpleName().equals("Nullable"));
    }

    private static String description(AnnotatedElement element) {
        Description description = element.getAnnotation(Description.class);
        return description == null ? "" : description.value();
    }

    private Definition.Variants variants(Resolved type, String place) {
        Map<String, Definition.Structure> byName = new LinkedHashMap<>();
        for (Class<?> record : records(type.raw(), place)) {
            String name = record.getSimpleName();
            String inside = place + "(" + name + ")";
            if (record.getTypeParameters().length > 0) {
                throw unsupported(inside, "the generic record " + record.getTypeName());
            }
            Definition.Structure structure = structure(new Resolved(record, List.of()), inside);
            for (Definition.Member member : structure.members()) {
                if (member.name().equals(Definition.Variants.TAG)) {
                    throw new AnswerTypeException(
                            at(inside)
                                    + "found a component '%s', which tells the records of a sealed interface apart; give it another name"
                                            .formatted(member.name()));
                }
            }
            if (byName.put(name, structure) != null) {
                throw new AnswerTypeException(
                        at(place)
                                + "found two records named %s, expected names that tell them apart"
                                        .formatted(name));
            }
        }
        return new Definition.Variants(
                description(type.raw()), Collections.unmodifiableMap(byName));
    }

    /// The records of a sealed interface, those of the sealed interfaces in it among them.
    private static Set<Class<?>> records(Class<?> type, String place) {
        Set<Class<?>> records = new LinkedHashSet<>();
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            if (permitted.isRecord()) {
                records.add(permitted);
            } else if (permitted.isSealed() && permitted.isInterface()) {
                records.addAll(records(permitted, place));
            } else {
                throw unsupported(place, permitted.getTypeName() + " in a sealed interface");
            }
        }
        return records;
    }

    private static Definition.Maker maker(Class<?> type) {
        Class<?>[] parameters =
                Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new);
        Constructor<?> constructor;
        try {
            constructor = type.getDeclaredConstructor(parameters);
        } catch (NoSuchMethodException e) {
            throw new AssertionError("a record without its constructor: " + type, e);
        }
        if (!constructor.trySetAccessible()) {
            throw closed(type);
        }
        return (place, components) -> make(constructor, place, components);
    }

    private static AnswerTypeException closed(Class<?> type) {
        Module self = TypeReader.class.getModule();
        return new AnswerTypeException(
                ("%s cannot be made, for its module does not open its package; add \"opens %s%s;\""
                                + " to the module-info of %s")
                        .formatted(
                                type.getTypeName(),
                                type.getPackageName(),
                                self.isNamed() ? " to " + self.getName() : "",
                                type.getModule().getName()));
    }

    private static Object make(
            Constructor<?> constructor, String place, @Nullable Object[] components) {
        try {
            return constructor.newInstance(components);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new MisfitException(
                    MisfitException.Kind.NO_VALUE,
                    at(place)
                            + constructor.getDeclaringClass().getSimpleName()
                            + " refuses its components: "
                            + e.getCause(),
                    e.getCause());
        } catch (InstantiationException | IllegalAccessException e) {
            throw new LinkageError("a record whose constructor is closed again", e);
        }
    }

    private static String at(String place) {
        return place.isEmpty() ? "" : place + ": ";
    }

    private static AnswerTypeException unsupported(String place, String found) {
        return new AnswerTypeException(at(place) + "found " + found + "; " + SUPPORTED);
    }

    private static AnswerTypeException tooDeep(String place) {
        return new AnswerTypeException(
                at(place) + "found more than %d levels of types in types".formatted(DEPTH_MAX));
    }
}
