package autark.engine.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import autark.engine.AnswerTypeException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Types that cannot be answers, and what is said of them.
class TypeReaderTest {
    record Inner(Collection<String> values) {}

    record Outer(List<Map<String, Inner[]>> inners) {}

    record Raw(List<?> values) {}

    @SuppressWarnings("rawtypes")
    record Untyped(List values) {}

    record Keys(Map<Integer, String> map) {}

    record Twice(Optional<Optional<String>> value) {}

    record Holes(List<Optional<String>> values) {}

    record Letter(char letter) {}

    record Counter(OptionalInt count) {}

    record Endless(String name, Other other) {}

    record Other(Endless endless) {}

    record Hidden(Optional<Endless> endless) {}

    sealed interface Loop {}

    record Round(Loop loop) implements Loop {}

    record Grows<T>(Optional<Grows<List<T>>> next) {}

    record Growing(Grows<String> start) {}

    sealed interface Mixed {}

    record Good() implements Mixed {}

    enum Bad implements Mixed {
        ONE
    }

    sealed interface Tagged {}

    record Tag(String type) implements Tagged {}

    sealed interface Wrapped<T> {}

    record Wrap<T>(T value) implements Wrapped<T> {}

    enum None {}

    @Test
    void whatIsNotSupportedIsNamedWithItsPlace() {
        refuses(Object.class, "found java.lang.Object; supported are records, sealed interfaces");
        refuses(Outer.class, "Outer.inners[]{}[].values: found java.util.Collection<java.lang.S");
        refuses(Raw.class, "Raw.values[]: found java.lang.Object; supported are");
        refuses(Untyped.class, "Untyped.values: found List without type arguments, expected List<");
        refuses(List.class, "found List without type arguments, expected List<...> in a record");
        refuses(Keys.class, "Keys.map: found java.util.Map<java.lang.Integer, java.lang.String>;");
        refuses(Letter.class, "Letter.letter: found char; supported are");
        refuses(Counter.class, "Counter.count: found java.util.OptionalInt; supported are");
        refuses(Mixed.class, "Mixed: found autark.engine.typed.TypeReaderTest$Bad in a sealed int");
        refuses(Wrapped.class, "Wrapped(Wrap): found the generic record autark.engine.typed.TypeR");
        refuses(SampleTypes.Pair.class, "Pair.first: found A; supported are");
        refuses(None.class, "TypeReaderTest$None: found an enum without constants");
        refuses(void.class, "found void; supported are");
    }

    @Test
    void optionalsAreForComponents() {
        refuses(Twice.class, "Twice.value: found java.util.Optional<java.util.Optional<");
        refuses(Holes.class, "Holes.values: found java.util.List<java.util.Optional<");
    }

    @Test
    void aComponentNamedLikeTheTagIsRefused() {
        refuses(Tagged.class, "Tagged(Tag): found a component 'type', which tells the records");
    }

    @Test
    void aRecordThatNeedsItselfIsRefusedWithTheWayAround() {
        refuses(
                Endless.class,
                "Endless.other -> Other.endless: found a Endless that needs another one without"
                        + " end; make the component Optional or a List");
        refuses(Hidden.class, "Endless.other -> Other.endless: found");
        refuses(Loop.class, "Loop.loop: found a Loop that needs");
    }

    @Test
    void typesOfTypesComeToAnEnd() {
        refuses(Growing.class, "found more than %d levels of types in types", 32);
        refuses(String.class.arrayType(), 40, "found more than 32 levels of types in types");
    }

    @Test
    void aClosedPackageIsNamedWithTheLineThatOpensIt() throws ClassNotFoundException {
        Class<?> closed = Class.forName("jdk.internal.classfile.impl.StackCounter$Target");
        refuses(
                closed,
                "jdk.internal.classfile.impl.StackCounter$Target cannot be made, for its module does"
                        + " not open its package; add \"opens jdk.internal.classfile.impl%s;\" to the"
                        + " module-info of java.base",
                TypeReader.class.getModule().isNamed() ? " to autark.engine" : "");
    }

    @Test
    void whatIsKnownOfATypeGoesWithItsClassLoader() throws Exception {
        WeakReference<Class<?>> type = new WeakReference<>(loadedApart());
        for (int i = 0; i < 100 && type.get() != null; i++) {
            System.gc();
        }
        assertThat(type.get()).isNull();
    }

    private static Class<?> loadedApart() throws ClassNotFoundException {
        Class<?> type = new Apart().loadClass(Movable.class.getName());
        assertThat(type).isNotSameAs(Movable.class);
        assertThat(AnswerType.of(type).read("{\"name\":\"a\"}")).isInstanceOf(type);
        return type;
    }

    /// Loads a class that its parent has, too.
    private static final class Apart extends ClassLoader {
        Apart() {
            super(TypeReaderTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Movable.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            String path = "/" + name.replace('.', '/') + ".class";
            try (InputStream in = Movable.class.getResourceAsStream(path)) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static void refuses(Class<?> item, int dimensions, String message) {
        Class<?> type = item;
        for (int i = 0; i < dimensions; i++) {
            type = type.arrayType();
        }
        refuses(type, message);
    }

    private static void refuses(Class<?> type, String message, Object... values) {
        String expected = values.length == 0 ? message : message.formatted(values);
        assertThatExceptionOfType(AnswerTypeException.class)
                .isThrownBy(() -> AnswerType.of(type))
                .withMessageContaining(expected);
    }
}
