package autark.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.text.template.TemplateException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Templates that want to escape, to run for ever, or to fill the memory.
class HostileTemplateTest {
    private static final int MUTANTS = 10_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 'x' * 1000000000 }}",
                "{{ 'x' * 9223372036854775807 }}",
                "{{ [1] * 1000000000 }}",
                "{{ [[]] * 9223372036854775807 }}",
                "{{ range(10000000) }}",
                "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
                "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}"
                        + "{% endfor %}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}"
                        + "{% endfor %}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(999) %}{% set ns.s = [ns.s] %}"
                        + "{% endfor %}",
                "{% set ns = namespace(s=[]) %}{% for i in range(100000) %}"
                        + "{% set ns.s = ns.s + [i] %}{% endfor %}",
                "{% set x = 'x' * 100000 %}{% for i in range(100000) %}{{ x }}{% endfor %}",
                "{% set x = 'x' * 4000000 %}{% for i in range(1000) %}{{ x == x ~ '' }}{% endfor %}",
                "{% set x = 'x' * 4000000 %}{% for i in range(1000) %}{{ 'xxxxxxxxxxy' in x }}"
                        + "{% endfor %}",
                "{% set x = '😀' * 2000000 %}{% for i in range(1000) %}{{ x[-1] }}{% endfor %}",
                "{% set x = range(100000)|list %}{% for i in range(99) %}{{ x|sort|length }}"
                        + "{% endfor %}",
                "{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
                "{% macro m(n) %}{% if n < 40 %}{{ m(n + 1) ~ m(n + 1) }}{% endif %}{% endmacro %}"
                        + "{{ m(0) }}",
                "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}"
                        + "{{ a() }}",
                "{% macro a() %}{% call a() %}{% endcall %}{% endmacro %}{{ a() }}",
                "{% for x in l recursive %}{{ loop(l) }}{% endfor %}",
                "{{ 'a'|indent(1000000000, true) }}",
                "{{ 'a'.center(1000000000) }}",
                "{{ '1'.zfill(1000000000) }}",
                "{{ '%1000000000d' % 1 }}",
                "{{ '%.1000000000f' % 1 }}",
                "{{ '{:1000000000}'.format(1) }}",
                "{{ '{:.1000000000f}'.format(1) }}",
                "{{ [1]|tojson(indent=1000000000) }}",
                "{{ ('a' * 100000).replace('', 'b' * 1000) }}",
                "{{ range(100000)|join('x' * 1000) }}",
                "{{ ('<' * 2000000)|e }}",
                "{{ [{}]|map(attribute='a.' * 1000000)|list }}"
            })
    void isStopped(String template) {
        assertThat(Snippets.failure(template).kind()).isEqualTo(Kind.LIMIT);
    }

    static Stream<String> deepSources() {
        return Stream.of(
                "{{ " + "(".repeat(1000) + "1" + ")".repeat(1000) + " }}",
                "{{ " + "[".repeat(1000) + "]".repeat(1000) + " }}",
                "{{ " + "not ".repeat(1000) + "1 }}",
                "{{ " + "-".repeat(1000) + "1 }}",
                "{{ " + "n if n else ".repeat(1000) + "1 }}",
                "{{ " + "s[".repeat(1000) + "0" + "]".repeat(1000) + " }}",
                "{% for " + "(".repeat(1000) + "x" + ")".repeat(1000) + " in l %}{% endfor %}",
                "{% if n %}".repeat(1000) + "{% endif %}".repeat(1000),
                "x".repeat(Limits.MAX_SOURCE_CHARS + 1));
    }

    @ParameterizedTest
    @MethodSource("deepSources")
    void deepOrLongSourcesAreRefused(String template) {
        assertThat(Snippets.failure(template).kind()).isEqualTo(Kind.LIMIT);
    }

    /// Long chains are no deep nests.
    @Test
    void longChainsRender() {
        Snippets.assertRenders("{{ 1" + " + 1".repeat(20_000) + " }}", "20001");
        Snippets.assertRenders("{{ s" + "|upper".repeat(2_000) + " }}", "HELLO WORLD");
        Snippets.assertRenders("{{ n" + " or n".repeat(20_000) + " }}", "7");
        Snippets.assertRenders(
                "{% if not n %}" + "{% elif not n %}".repeat(9_000) + "{% endif %}", "");
    }

    /// A stack of half the usual size holds the deepest calls that are let through.
    @Test
    void theDeepestCallsFitOnASmallStack() throws InterruptedException {
        String nested =
                "{% macro m(n) %}{% for x in [1] %}{% if n < 99 %}{{ [[m(n + 1)|trim] ~ 1] ~ 2 }}"
                        + "{% endif %}{% endfor %}{% endmacro %}{{ m(0) }}";
        List<Throwable> failures = new ArrayList<>();
        Thread thread = new Thread(null, () -> Snippets.render(nested), "small stack", 512 * 1024);
        thread.setUncaughtExceptionHandler((_, failure) -> failures.add(failure));
        thread.start();
        thread.join();

        assertThat(failures).singleElement().isInstanceOf(TemplateException.class);
    }

    @Test
    void aNamespaceInsideItselfIsHarmless() {
        String cycle = "{% set ns = namespace() %}{% set ns.a = [ns] %}";

        Snippets.assertRenders(cycle + "{{ ns.a == ns.a }}{{ ns.a[0].a|length }}", "True1");
        assertThat(Snippets.failure(cycle + "{{ ns.a }}").kind()).isEqualTo(Kind.RENDER);
        assertThat(Snippets.failure(cycle + "{{ ns.a|tojson }}").kind()).isEqualTo(Kind.RENDER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ''.__class__.__mro__[1].__subclasses__() }}",
                "{{ ''['__class__']['__base__'] }}",
                "{{ ().__class__.__bases__[0].__subclasses__()[40]('/etc/passwd').read() }}",
                "{{ self.__init__.__globals__.__builtins__ }}",
                "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
                "{{ lipsum.__globals__['os'].system('id') }}",
                "{{ joiner.__init__.__globals__ }}",
                "{{ namespace.__init__.__globals__ }}",
                "{{ namespace().__class__.__init__ }}",
                "{{ range.__self__.__class__ }}",
                "{{ raise_exception.__globals__['sys'].modules }}",
                "{{ strftime_now.__closure__[0].cell_contents }}",
                "{{ '{0.__class__.__mro__}'.format(1) }}",
                "{{ '%s' % ''.__class__.__name__ }}",
                "{{ s|attr('__class__') }}",
                "{{ [s]|map(attribute='__class__.__name__')|list }}",
                "{{ s.getClass().forName('java.lang.Runtime') }}",
                "{{ s.class.protectionDomain }}",
                "{{ l.getClass().getMethods() }}",
                "{{ n.class.forName('java.lang.System').exit(1) }}",
                "{{ T(java.lang.Runtime).getRuntime().exec('id') }}",
                "{{ request.application.__globals__ }}",
                "{{ get_flashed_messages.__globals__ }}",
                "{{ url_for.__globals__.os }}",
                "{{ _self.env.registerUndefinedFilterCallback('exec') }}",
                "{% import os %}{{ os.system('id') }}",
                "{% include '/etc/passwd' %}",
                "{% for c in [].__class__.__base__.__subclasses__() %}{{ c }}{% endfor %}"
            })
    void nothingOfTheHostIsReached(String template) {
        assertThat(Snippets.failure(template).kind()).isIn(Kind.RENDER, Kind.SYNTAX);
    }

    @Test
    void messagesAreNeverReadAsTemplates() {
        Map<String, Object> variables = Map.of("content", "{{ 7 * 7 }}{% raw %}{# x");

        assertThat(ChatTemplate.parse("{{ content }}").render(variables, Snippets.NOW))
                .isEqualTo("{{ 7 * 7 }}{% raw %}{# x");
    }

    @Test
    void objectsOfTheHostAreRefused() {
        Map<String, Object> variables = Map.of("x", List.of(new Object()));

        assertThatThrownBy(() -> ChatTemplate.parse("").render(variables, Snippets.NOW))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("variable 'x' holds a java.lang.Object");
    }

    @Test
    void variablesThatHoldThemselvesAreRefused() {
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);

        assertThatThrownBy(() -> ChatTemplate.parse("").render(Map.of("x", cycle), Snippets.NOW))
                .isInstanceOfSatisfying(
                        TemplateException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.LIMIT));
    }

    /// Mutants of templates that use most of the language end in a text or in a named error.
    @Test
    void mutantsEnd() {
        long seed = 20261123;
        SplittableRandom random = new SplittableRandom(seed);
        int rendered = 0;
        for (int i = 0; i < MUTANTS; i++) {
            String mutant = Mutants.next(random);
            try {
                assertThat(Snippets.render(mutant).length())
                        .isLessThanOrEqualTo(Limits.MAX_OUTPUT_CHARS);
                rendered++;
            } catch (TemplateException expected) {
                assertThat(expected.getMessage()).as(mutant).isNotBlank();
            } catch (RuntimeException | StackOverflowError crash) {
                throw new AssertionError("seed " + seed + ", mutant " + i + ": " + mutant, crash);
            }
        }
        assertThat(rendered).isGreaterThan(MUTANTS / 20);
    }
}
