package autark.text.template;

import static autark.text.template.Snippets.failure;
import static org.assertj.core.api.Assertions.assertThat;

import autark.text.template.TemplateException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a broken template is told.
class TemplateErrorTest {
    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '"',
            textBlock =
                    """
                    {% if n %}a                  => expected '{% endif %}', found the end of the template
                    {% for x in l %}{% endif %}  => expected '{% endfor %}', found 'endif'
                    {% endif %}                  => 'endif' ends nothing that was begun
                    {{ n n }}                    => expected '}}', found 'n'
                    {{ (1 }}                     => expected ')', found '}'
                    {{ ) }}                      => unexpected ')'
                    {{ 'a }}                     => expected a closing ', found the end of the template
                    {{ n                         => expected '}}', found the end of the template
                    {{ }}                        => expected a value, found '}}'
                    {# n                         => expected '#}', found the end of the template
                    {% raw %}{{ n }}             => expected '{% endraw %}', found the end of the template
                    {{ n ? 1 }}                  => unexpected character '?'
                    {{ '\\x4' }}                 => expected an escape of 2 hexadecimal digits that is a character
                    {{ f(a=1, 2) }}              => expected 'name=value', since an argument before has a name, found '2'
                    {{ f(a=1, a=2) }}            => argument 'a' stands there twice
                    {{ n is odd is even }}       => tests cannot be chained by 'is'; use 'and'
                    {{ 9223372036854775808 }}    => number 9223372036854775808 is larger than 9223372036854775807
                    {% break %}                  => 'break' stands outside of a loop
                    {% include 'x' %}            => 'include' is not supported in chat templates
                    {% import 'x' as y %}        => 'import' is not supported in chat templates
                    {% extends 'x' %}            => 'extends' is not supported in chat templates
                    {% nonsense %}               => unknown statement 'nonsense'
                    {% call n %}{% endcall %}    => expected the call of a macro after 'call'
                    """)
    void syntaxIsNamed(String template, String message) {
        TemplateException failure = failure(template);

        assertThat(failure.kind()).isEqualTo(Kind.SYNTAX);
        assertThat(failure).hasMessageStartingWith(message + " (template line 1)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '"',
            textBlock =
                    """
                    {{ missing.x }}              => 'missing' is undefined
                    {{ missing() }}              => 'missing' is undefined
                    {{ missing + 1 }}            => 'missing' is undefined
                    {{ d.zz.y }}                 => 'dict object' has no attribute 'zz'
                    {{ none.x.y }}               => 'None' has no attribute 'x'
                    {{ none[0].y }}              => None has no element 0
                    {{ l[9].y }}                 => list object has no element 9
                    {{ s.nope() }}               => 'str object' has no attribute 'nope'
                    {{ l.append(1) }}            => 'append' would change a list; templates cannot change values, only build new ones
                    {{ d.update({}) }}           => 'update' would change a dict; templates cannot change values, only build new ones
                    {{ n() }}                    => expected something to call, found int
                    {{ s + 1 }}                  => '+' does not work between str and int
                    {{ s < 1 }}                  => '<' does not work between str and int
                    {{ 'x' in none }}            => expected something to walk through, found NoneType
                    {{ 1 in 'x' }}               => 'in' expects a text to be searched for in a text, found int
                    {{ 1 / 0 }}                  => division by zero
                    {{ 5 % 0 }}                  => division by zero
                    {{ s|nope }}                 => there is no filter 'nope'
                    {{ s is nope }}              => there is no test 'nope'
                    {{ none|length }}            => a value of type NoneType has no length
                    {{ n[1:] }}                  => a value of type int has no slices
                    {{ s[::0] }}                 => a slice expects a step other than 0
                    {{ l|map('upper')|tojson }}  => tojson cannot write a value of type generator; make it a list or a dict first
                    {{ missing|tojson }}         => tojson cannot write a value of type Undefined; make it a list or a dict first
                    {{ l|map('upper') }}         => a value of type generator has no text; was it meant to be called or listed?
                    {{ s.upper }}                => a value of type method has no text; was it meant to be called or listed?
                    {{ range(3) }}               => a range has no text; make it a list first
                    {{ {[]: 1} }}                => a value of type list cannot be the key of a dict
                    {% set d.k = 1 %}            => 'd.k' cannot be set: 'd' is not a namespace
                    {% for a, b in l %}{% endfor %} => expected something to walk through, found int
                    {% for a, b in ['xyz'] %}{% endfor %} => expected 2 values to unpack, found 3
                    {{ s.split('') }}            => split expects a separator that is not empty
                    {{ s.replace('a') }}         => replace expects the argument 'new'
                    {{ s.upper(1) }}             => upper takes 0 arguments, found 1
                    {{ s|indent(wide=2) }}       => indent takes [width, first, blank], found 'wide'
                    {{ s.join([1]) }}            => join expects texts, found int at index 0
                    {{ '%s %s' % 'a' }}          => the format takes more than the 1 values given
                    {{ '%d' % 'a' }}             => the format 'd' does not suit a value of type str
                    {{ '{x}'.format(1) }}        => the format expects the value 'x'
                    {{ 9223372036854775807 + 1 }} => whole numbers have 64 bits, the result does not fit
                    {{ loop(l) }}                => 'loop' is undefined
                    {% for x in l %}{{ loop(l) }}{% endfor %} => 'loop' can be called in a loop marked 'recursive' only
                    {% macro m(a) %}{% endmacro %}{{ m(1, 2) }} => macro 'm' takes 1 arguments, found 2
                    {% macro m(a) %}{% endmacro %}{{ m(b=2) }} => macro 'm' has no parameter for one of [b]
                    {% macro m(a) %}{% endmacro %}{{ m(1, a=2) }} => macro 'm' gets 'a' twice
                    {{ strftime_now('%Q') }}     => strftime_now knows no field '%Q'
                    {{ range(1, 2, 0) }}         => range expects a 'step' other than 0
                    """)
    void failureIsNamed(String template, String message) {
        TemplateException failure = failure(template);

        assertThat(failure.kind()).isEqualTo(Kind.RENDER);
        assertThat(failure).hasMessage(message + " (template line 1)");
    }

    @Test
    void theTemplatesOwnMessageComesThroughUntouched() {
        TemplateException failure = failure("\n{{ raise_exception('No ' ~ 'system') }}");

        assertThat(failure.kind()).isEqualTo(Kind.RAISED);
        assertThat(failure.line()).isEqualTo(2);
        assertThat(failure).hasMessage("No system");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n\n{{ none.x.y }}",
                "{#\n#}\n{% set x = none.y.z %}",
                "{{ 'a\n' }}\n{% for x in 5 %}{% endfor %}",
                "{% if false %}\n{% elif false %}\n{% elif none.x.y %}{% endif %}",
                "{% macro m() %}\n\n{{ none.x.y }}{% endmacro %}{{ m() }}",
                "{% macro m() %}\nx{% endmacro %}\n{{ m() ~ none.x.y }}",
                "\n\n{{ ( }}",
                "\r\n\r{% if %}{% endif %}"
            })
    void theLineIsCounted(String template) {
        assertThat(failure(template).line()).isEqualTo(3);
    }
}
