package autark.text.template;

import static autark.text.template.Snippets.assertRenders;

import org.junit.jupiter.api.Test;

/// Statements and white space. The expected texts are what Jinja2 3.1.6 renders with the settings
/// of chat templates.
class JinjaStatementTest {
    @Test
    void conditions() {
        assertRenders("{% if n > 9 %}a{% elif n == 7 %}b{% else %}c{% endif %}", "b");
        assertRenders("{% if missing %}a{% endif %}b{% if not missing %}c{% endif %}", "bc");
        assertRenders("{% if n %}{% set x = 1 %}{% else %}{% set x = 2 %}{% endif %}{{ x }}", "1");
    }

    @Test
    void loops() {
        assertRenders(
                "{% for x in l %}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}",
                "3, 1, 2");
        assertRenders(
                "{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }};{% endfor %}",
                "1032TrueFalse3;2121FalseFalse3;3210FalseTrue3;");
        assertRenders(
                "{% for x in l %}[{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }}]{% endfor %} {% for x in l %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }} {% endfor %}",
                "[<3>1][3<1>2][1<2>] FalseTrue TrueTrue TrueFalse ");
        assertRenders(
                "{% for x in [1, 1, 2, 2, 1] %}{% if loop.changed(x) %}{{ x }}{% endif %}{{ loop.cycle('a', 'b') }}{% endfor %}",
                "1ab2ab1a");
        assertRenders(
                "{% for x in l if x != 1 %}{{ x }}{{ loop.index }}/{{ loop.length }} {% else %}none{% endfor %} {% for x in [] %}x{% else %}empty{% endfor %}",
                "31/2 22/2  empty");
        assertRenders(
                "{% for k in d %}{{ k }}{% endfor %} {% for k, v in d.items() %}{{ k }}{{ v }}{% endfor %} {% for a, (b, c) in [[1, [2, 3]]] %}{{ a }}{{ b }}{{ c }}{% endfor %} {% for c in u[-3:] %}{{ c }}.{% endfor %}",
                "kba k1btwoa[1] 123  .😀.x.");
        assertRenders(
                "{% for x in range(9) %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 5 %}{% break %}{% endif %}{{ x }}{% endfor %}",
                "0134");
        assertRenders(
                "{% for x in [1] %}{% break %}{% else %}left{% endfor %} {% for x in [1, 2] %}{% continue %}{% else %}left{% endfor %}",
                "left left");
        assertRenders(
                "{% for x in l %}{% for y in l %}{{ loop.index }}{% endfor %}{{ loop.index }} {% endfor %}",
                "1231 1232 1233 ");
    }

    @Test
    void recursiveLoops() {
        assertRenders(
                "{% for t in [{'v': 1, 'c': [{'v': 2, 'c': []}, {'v': 3, 'c': [{'v': 4, 'c': []}]}]}] recursive %}{{ t.v }}{{ loop.depth }}{{ loop.depth0 }}{% if t.c %}({{ loop(t.c) }}){% endif %}{% endfor %}",
                "110(221321(432))");
    }

    @Test
    void scopes() {
        assertRenders(
                "{% set x = 1 %}{% for i in l %}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }}",
                "2221");
        assertRenders(
                "{% set ns = namespace(x=0) %}{% for i in l %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}",
                "6");
        assertRenders(
                "{% for i in l %}{{ loop.index }}{% endfor %}{{ i is defined }} {{ loop is defined }}",
                "123False False");
        assertRenders(
                "{% with a=1, b=n %}{{ a }}{{ b }}{% set c = 2 %}{% endwith %}{{ c is defined }} {% set a, b = 1, [2] %}{{ a }}{{ b }}",
                "17False 1[2]");
        assertRenders("{% macro m() %}{{ g }}{% endmacro %}{% set g = 5 %}{{ m() }}", "5");
        assertRenders(
                "{% generation %}{{ n }}{% set q = 1 %}{% endgeneration %}{{ q is defined }}",
                "7False");
    }

    @Test
    void macros() {
        assertRenders(
                "{% macro m(a, b='x', c=a) %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(b=3, a=4) }}{{ m() }}",
                "[1x1][121][434][x]");
        assertRenders(
                "{% macro f(x) %}{% if x > 0 %}{{ x }}{{ f(x - 1) }}{% endif %}{% endmacro %}{{ f(3) }} {{ f(2)|length }} {{ f(1) + 'y' }}",
                "321 2 1y");
        assertRenders(
                "{% macro list(items) %}{% for i in items %}<{{ caller(i) }}>{% endfor %}{% endmacro %}{% call(x) list(l) %}{{ x * 2 }}{% endcall %}",
                "<6><2><4>");
        assertRenders(
                "{% macro w() %}({{ caller() }}){% endmacro %}{% call w() %}in{% call w() %}ner{% endcall %}{% endcall %}",
                "(in(ner))");
        assertRenders(
                "{% macro c() %}{{ caller is defined }}{% if caller %}{{ caller() }}{% endif %}{% endmacro %}{{ c() }}{% call c() %}x{% endcall %}",
                "FalseTruex");
    }

    @Test
    void blocks() {
        assertRenders(
                "{% set x %} a{{ n }} {% endset %}[{{ x }}]{{ x is string }} {% set y | upper | trim %} b {% endset %}[{{ y }}]",
                "[ a7 ]True [B]");
        assertRenders(
                "{% filter upper %}a{{ n }}b{% endfilter %} {% filter replace('a', 'b')|upper %}aa{% endfilter %}",
                "A7B BB");
        assertRenders("{% set ns = namespace() %}{% set ns.t %}t{% endset %}{{ ns.t }}", "t");
    }

    @Test
    void comments() {
        assertRenders("a{# comment #}b {#- x -#} c {# {{ n }} {% if %} #}d", "abc d");
        assertRenders("a\n{# own line #}\nb\n  {#- x #}\nc", "a\nbc");
    }

    @Test
    void raw() {
        assertRenders(
                "{% raw %}{{ n }} {% if %} {# #}{% endraw %}|{%- raw -%}  {{ x }}  {%- endraw -%} |",
                "{{ n }} {% if %} {# #}|{{ x }}|");
        assertRenders("a\n  {% raw %}\n  b {{\n  {% endraw %}\nc", "a\n\n  b {{\nc");
    }

    @Test
    void newlinesAfterTags() {
        assertRenders("{% if true %}\na\n{% endif %}\nb\n", "a\nb");
        assertRenders("{{ n }}\n{{ n }}\n", "7\n7");
        assertRenders("a {% set x = 1 %}\n\nb", "a \nb");
        assertRenders("{% if true +%}\na{% endif %}\n{% if true -%}\n\n  b{% endif %}", "\nab");
        assertRenders("x\n\n", "x\n");
        assertRenders("{# c #}\na\n{# c -#}\n\nb\n{# c +#}\nd", "a\nb\n\nd");
    }

    @Test
    void blanksBeforeTags() {
        assertRenders("a\n  {% if true %}b\n\t {% endif %}c", "a\nb\nc");
        assertRenders("  {{ n }}\n  {# c #}  x\n  {%+ if true %}y{% endif %}", "  7\n  x\n  y");
        assertRenders("a  {% if true %}b{% endif %}", "a  b");
        assertRenders("  {% set x = 1 %}  {% set y = 2 %}\n  z", "    z");
        assertRenders("\u00a0\u2003{% if true %}a{% endif %}", "a");
        assertRenders("a{{ n }}  {% if true %}b{% endif %}", "a7  b");
    }

    @Test
    void strippedTags() {
        assertRenders("a \n\t {%- if true -%} \n b \n {%- endif -%} \n c", "abc");
        assertRenders("a  {{- n -}}  b {{- ' x ' }} c", "a7b x  c");
        assertRenders("a \u3000\n{{- n }}", "a7");
        assertRenders("a  {%- set x = 1 +%}\nb", "a\nb");
    }

    @Test
    void lineEnds() {
        assertRenders("a\r\nb\rc\n{% if true %}\r\nd{% endif %}\r\n", "a\nb\nc\nd");
        assertRenders("{{ 'a\r\nb' }}", "a\nb");
    }

    @Test
    void tagsInsideTags() {
        assertRenders(
                "{{ '}}' }}{{ \"{% x %}\" }}{{ {'a': {'b': 1}}.a.b }}{{ {'a': {'b': {}}}}}",
                "}}{% x %}1{'a': {'b': {}}}");
        assertRenders("{% set x = '%}' %}{{ x }}{% if {'a': 1}['a'] %}y{% endif %}", "%}y");
        assertRenders("{{'{{'}}{ { }}", "{{{ { }}");
    }

    @Test
    void statementsAcrossLines() {
        assertRenders(
                "{{\n  n\n  +\n  1\n}}{% if n == 7\n   and s %}y{% endif %}{% set x = {\n 'a': 1,\n} %}{{ x }}",
                "8y{'a': 1}");
    }
}
