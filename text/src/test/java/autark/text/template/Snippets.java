package autark.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Renders small templates over one set of variables.
final class Snippets {
    static final LocalDateTime NOW = LocalDateTime.parse("2026-11-23T12:00:00");

    private static final Map<String, Object> VARIABLES =
            Map.ofEntries(
                    Map.entry("s", "Hello World"),
                    Map.entry("padded", "  pad\t\n"),
                    Map.entry("u", "naïve Straße 😀x"),
                    Map.entry("n", 7),
                    Map.entry("f", 2.5),
                    Map.entry("l", List.of(3, 1, 2)),
                    Map.entry("names", List.of("b", "A", "c", "a")),
                    Map.entry("d", ordered("k", 1, "b", "two", "a", List.of(1))),
                    Map.entry(
                            "people",
                            List.of(
                                    ordered("name", "Bo", "age", 30, "home", Map.of("city", "Rom")),
                                    ordered("name", "al", "age", 20),
                                    Map.of("name", "Cy"))),
                    Map.entry("html", "<b>&'\""),
                    Map.entry("lines", "one\n  two\n\nthree"));

    private Snippets() {}

    static String render(String template) {
        return ChatTemplate.parse(template).render(VARIABLES, NOW);
    }

    static void assertRenders(String template, String expected) {
        assertThat(render(template)).as(template).isEqualTo(expected);
    }

    /// The exception that a template ends with.
    static TemplateException failure(String template) {
        TemplateException failure =
                catchThrowableOfType(TemplateException.class, () -> render(template));
        assertThat(failure).as(template).isNotNull();
        return failure;
    }

    /// A map that keeps the order of its entries.
    static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
