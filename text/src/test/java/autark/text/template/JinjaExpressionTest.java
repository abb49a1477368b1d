package autark.text.template;

import static autark.text.template.Snippets.assertRenders;

import org.junit.jupiter.api.Test;

/// Expressions, filters and tests. The expected texts are what Jinja2 3.1.6 renders.
class JinjaExpressionTest {
    @Test
    void literals() {
        assertRenders(
                "{{ 'a' 'b' }}|{{ \"it's\" }}|{{ 'tab\\tnew\\nline \\x41 \\u00e9 \\\\ \\' \\q' }}",
                "ab|it's|tab\tnew\nline A é \\ ' \\q");
        assertRenders("{{ 12 }} {{ 1.50 }} {{ 1e3 }} {{ 2.5E-7 }}", "12 1.5 1000.0 2.5e-07");
        assertRenders("{{ true }} {{ False }} {{ none }} {{ None }}", "True False None None");
        assertRenders(
                "{{ [1, 'x', none, 2.0, true,] }} {{ (1, 2) }} {{ (1,) }} {{ () }} {{ [] }}",
                "[1, 'x', None, 2.0, True] (1, 2) (1,) () []");
        assertRenders("{{ {'a': 1, 2: [none], true: {}} }}", "{'a': 1, 2: [None], True: {}}");
        assertRenders("{{ 1, 2 }}", "(1, 2)");
    }

    @Test
    void printedNumbers() {
        assertRenders(
                "{{ 1.0 }} {{ 100.0 }} {{ 0.1 }} {{ 1/3 }} {{ 1e15 }} {{ 1e16 }} {{ 1.5e300 }} {{ 0.0001 }} {{ 0.00001 }} {{ -0.0 }}",
                "1.0 100.0 0.1 0.3333333333333333 1000000000000000.0 1e+16 1.5e+300 0.0001 1e-05 -0.0");
        assertRenders(
                "{{ 123456789012345680.0 }} {{ 1.7976931348623157e308 }}",
                "1.2345678901234568e+17 1.7976931348623157e+308");
        assertRenders("{{ [0.5, -2.0] }}", "[0.5, -2.0]");
    }

    @Test
    void printedTexts() {
        assertRenders(
                "{{ ['it\\'s', 'say \"x\"', 'both \\' \"', 'a\\nb\\t\\\\'] }}",
                "[\"it's\", 'say \"x\"', 'both \\' \"', 'a\\nb\\t\\\\']");
        assertRenders(
                "{{ ['\\x00\\x7f\\u200b\\U000e0001 é 😀\\u00a0'] }}",
                "['\\x00\\x7f\\u200b\\U000e0001 é 😀\\xa0']");
        assertRenders(
                "{{ {'k': ['v']}.items() }} {{ {'k': 1}.keys() }} {{ {'k': 1}.values() }}",
                "dict_items([('k', ['v'])]) dict_keys(['k']) dict_values([1])");
    }

    @Test
    void arithmetic() {
        assertRenders(
                "{{ 7 + 2 }} {{ 7 - 2 }} {{ 7 * 2 }} {{ 7 / 2 }} {{ 8 / 2 }}", "9 5 14 3.5 4.0");
        assertRenders(
                "{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 // -2 }} {{ -7.5 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ -7.5 % 2 }}",
                "3 -4 -4 -4.0 1 2 -2 0.5");
        assertRenders(
                "{{ 2 ** 10 }} {{ 2 ** -1 }} {{ 2 ** 3 ** 2 }} {{ -2 ** 2 }} {{ 2.0 ** 3 }}",
                "1024 0.5 64 4 8.0");
        assertRenders(
                "{{ true + true }} {{ 1 + 0.5 }} {{ 'ab' * 3 }} {{ [1] * 2 }} {{ 2 * 'x' }}",
                "2 1.5 ababab [1, 1] xx");
        assertRenders("{{ 'a' + 'b' }} {{ [1] + [2] }} {{ (1,) + (2,) }}", "ab [1, 2] (1, 2)");
        assertRenders(
                "{{ 1 ~ 'a' ~ none ~ 2.0 ~ [1] }} {{ '1' + 2 ~ 3 + '4' }}", "1aNone2.0[1] 1234");
        assertRenders("{{ - n }} {{ + n }} {{ - - n }} {{ -n|abs }} {{ 10 - -n }}", "-7 7 7 7 17");
        assertRenders(
                "{{ 9007199254740993 + 0 }} {{ 9223372036854775807 }} {{ 7 // 2.0 }} {{ 0.1 + 0.2 }}",
                "9007199254740993 9223372036854775807 3.0 0.30000000000000004");
    }

    @Test
    void comparisons() {
        assertRenders(
                "{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1.0 == true }} {{ 'a' != 'b' }}",
                "True False True True");
        assertRenders(
                "{{ 'a' < 'b' }} {{ 'Z' < 'a' }} {{ [1, 2] < [1, 3] }} {{ (1,) < (1, 2) }} {{ [1] == (1,) }}",
                "True True True True False");
        assertRenders(
                "{{ 'ell' in s }} {{ 'x' not in s }} {{ 2 in l }} {{ 'k' in d }} {{ '' in '' }} {{ 1 in [true] }}",
                "True True True True True True");
        assertRenders(
                "{{ none == false }} {{ {'a': 1} == {'a': 1.0} }} {{ missing == missing2 }} {{ 9007199254740993 == 9007199254740992.0 }}",
                "False True True False");
        assertRenders("{{ not 1 in [2] }} {{ 1 not in [2] and not none }}", "True True");
    }

    @Test
    void truth() {
        assertRenders(
                "{{ '' or 'b' }} {{ 'a' and 'b' }} {{ [] or {} or 0 or none or 0.0 or () }} {{ 0 and 1/0 }}",
                "b b () 0");
        assertRenders(
                "{{ 'y' if [] else 'n' }} {{ 'y' if ('x' if 1 else '') else 'n' }} [{{ 'y' if false }}]",
                "n y []");
        assertRenders(
                "{{ not '' }} {{ not [0] }} {{ not 0.0 }} {{ not missing }}",
                "True False True True");
    }

    @Test
    void elements() {
        assertRenders(
                "{{ s[0] }}{{ s[-1] }} {{ l[0] }}{{ l[-1] }} {{ d.k }}{{ d['k'] }} {{ people[0].home.city }} {{ l.0 }}",
                "Hd 32 11 Rom 3");
        assertRenders(
                "[{{ l[9] }}] [{{ d.zz }}] [{{ d['zz'] }}] [{{ s[99] }}] [{{ none[0] }}] [{{ n.x }}]",
                "[] [] [] [] [] []");
        assertRenders("{{ u[-2] }} {{ u|length }} {{ u[14] }}", "😀 15 x");
        assertRenders(
                "{{ {'items': 1}.items is callable }} {{ {'items': 1}['items'] }} {{ {'items': 1}['keys']()|list }}",
                "True 1 ['items']");
        assertRenders(
                "{{ {1: 'a'}[1.0] }} {{ {true: 'b'}[1] }} {{ {(1, 2): 'c'}[1, 2] }} [{{ d[[]] }}] [{{ d[missing] }}]",
                "a b c [] []");
    }

    @Test
    void slices() {
        assertRenders(
                "{{ s[1:4] }} {{ s[:3] }} {{ s[-3:] }} {{ s[::2] }} {{ s[::-1] }} {{ s[8:2:-2] }} [{{ s[5:2] }}]",
                "ell Hel rld HloWrd dlroW olleH rWo []");
        assertRenders(
                "{{ l[1:] }} {{ l[:-1] }} {{ l[::-1] }} {{ l[5:] }} {{ (1, 2, 3)[1:] }} {{ range(9)[2:7:2]|list }}",
                "[1, 2] [3, 1] [2, 1, 3] [] (2, 3) [2, 4, 6]");
        assertRenders("{{ u[-3:] }} {{ u[13:15] }} {{ u[::-1] }}", " 😀x 😀x x😀 eßartS evïan");
        assertRenders(
                "{{ s[none:2] }} {{ s[-99:2] }} {{ s[2:99] }} {{ l[99::-1] }} {{ l[:-99:-1] }}",
                "He He llo World [2, 1, 3] [2, 1, 3]");
    }

    @Test
    void undefined() {
        assertRenders(
                "[{{ missing }}] [{{ missing|default('d') }}] [{{ missing or 'o' }}] [{{ missing|length }}] [{{ missing|list }}] [{{ missing ~ 'x' }}]",
                "[] [d] [o] [0] [[]] [x]");
        assertRenders(
                "{{ missing is defined }} {{ missing is undefined }} {{ d.zz is defined }} {{ missing is none }} {{ missing is iterable }} {{ missing is sequence }}",
                "False True False False True True");
        assertRenders(
                "{{ [missing] }} {{ '%s' % missing }}| {{ missing|upper }}| {{ missing|join(',') }}| {{ 1 in missing }} {% for x in missing %}x{% endfor %}",
                "[Undefined] | | | False ");
    }

    @Test
    void caseMethods() {
        assertRenders(
                "{{ s.upper() }} {{ s.lower() }} {{ 'hELLO wORLD'.title() }} {{ 'hELLO wORLD'.capitalize() }} {{ s.swapcase() }}",
                "HELLO WORLD hello world Hello World Hello world hELLO wORLD");
        assertRenders(
                "{{ 'straße ŉ ǆ'.upper() }} {{ 'ß'.title() }} {{ 'ΟΔΟΣ'.lower() }} {{ \"they're x2y\".title() }}",
                "STRASSE ʼN Ǆ Ss οδος They'Re X2Y");
        assertRenders(
                "{{ 'a1'.isalnum() }} {{ 'a1'.isalpha() }} {{ '12'.isdigit() }} {{ '²'.isdigit() }} {{ '²'.isdecimal() }} {{ '½'.isnumeric() }} {{ ' \\t'.isspace() }} {{ ''.isspace() }}",
                "True False True True False True True False");
        assertRenders(
                "{{ 'Ab'.isupper() }} {{ 'AB1'.isupper() }} {{ 'ab'.islower() }} {{ '1'.islower() }} {{ 'Ab Cd'.istitle() }} {{ 'é'.isascii() }}",
                "False True True False True False");
    }

    @Test
    void splitMethods() {
        assertRenders(
                "{{ 'a,b,,c'.split(',') }} {{ 'a,b,c'.split(',', 1) }} {{ 'a,b,c'.rsplit(',', 1) }} {{ 'a--b'.split('--') }}",
                "['a', 'b', '', 'c'] ['a', 'b,c'] ['a,b', 'c'] ['a', 'b']");
        assertRenders(
                "{{ '  a b  c '.split() }} {{ '  a b  c '.split(none, 1) }} {{ '  a b  c '.rsplit(none, 1) }} {{ ''.split() }} {{ ''.split(',') }} {{ ' a '.split(maxsplit=1) }}",
                "['a', 'b', 'c'] ['a', 'b  c '] ['  a b', 'c'] [] [''] ['a']");
        assertRenders(
                "{{ 'a\\nb\\r\\nc\\n'.splitlines() }} {{ 'a\\nb'.splitlines(true) }} {{ 'a\\u2028b\\x0bc'.splitlines() }}",
                "['a', 'b', 'c'] ['a\\n', 'b'] ['a', 'b', 'c']");
        assertRenders(
                "{{ 'a=b=c'.partition('=') }} {{ 'a=b=c'.rpartition('=') }} {{ 'abc'.partition('=') }} {{ 'abc'.rpartition('=') }}",
                "('a', '=', 'b=c') ('a=b', '=', 'c') ('abc', '', '') ('', '', 'abc')");
        assertRenders(
                "{{ '<think>x</think>y'.split('</think>')[-1] }} {{ '-'.join(names) }} {{ ''.join([]) }}",
                "y b-A-c-a ");
    }

    @Test
    void stripMethods() {
        assertRenders(
                "[{{ padded.strip() }}] [{{ padded.lstrip() }}] [{{ ' x '.rstrip() }}] [{{ 'xxaxx'.strip('x') }}] [{{ 'abcba'.strip('ab') }}] [{{ 'xxa'.lstrip('x') }}] [{{ 'a\\n\\n'.rstrip('\\n') }}]",
                "[pad] [pad\t\n] [ x] [a] [c] [a] [a]");
        assertRenders(
                "[{{ '\\u3000\\u00a0x\\u2003\\x1f'.strip() }}] [{{ '😀a😀'.strip('😀') }}]",
                "[x] [a]");
        assertRenders(
                "{{ 'prefix-x'.removeprefix('prefix-') }} {{ 'x.txt'.removesuffix('.txt') }} {{ 'x'.removeprefix('y') }}",
                "x x x");
    }

    @Test
    void findMethods() {
        assertRenders(
                "{{ s.find('o') }} {{ s.rfind('o') }} {{ s.find('zz') }} {{ s.find('o', 5) }} {{ s.index('W') }} {{ s.count('l') }} {{ 'aaaa'.count('aa') }} {{ 'ab'.count('') }}",
                "4 7 -1 7 6 3 2 3");
        assertRenders(
                "{{ '😀ab'.find('b') }} {{ '😀ab'.rfind('a') }} {{ ('x' * 20 + 'needle in hay').find('needle in') }}",
                "2 1 20");
        assertRenders(
                "{{ s.startswith('He') }} {{ s.endswith(('x', 'ld')) }} {{ s.startswith('ello', 1) }} {{ s.startswith(()) }}",
                "True True True False");
        assertRenders(
                "{{ s.replace('l', 'L') }} {{ s.replace('l', 'L', 2) }} {{ 'ab'.replace('', '-') }} {{ 'aaa'.replace('aa', 'b') }} {{ '😀'.replace('', '.') }}",
                "HeLLo WorLd HeLLo World -a-b- ba .😀.");
    }

    @Test
    void paddingMethods() {
        assertRenders(
                "[{{ 'ab'.center(7) }}] [{{ 'abc'.center(6, '*') }}] [{{ 'a'.ljust(3) }}] [{{ 'a'.rjust(3, '.') }}] {{ '-5'.zfill(5) }} {{ 'abc'.zfill(2) }}",
                "[   ab  ] [*abc**] [a  ] [..a] -0005 abc");
    }

    @Test
    void percentFormat() {
        assertRenders("{{ '%s|%5s|%-5s|%.2s|%%' % ('a', 'b', 'c', 'def') }}", "a|    b|c    |de|%");
        assertRenders(
                "{{ '%d|%5d|%-5d|%05d|%+d|% d|%i' % (1, 2, 3, 4, 5, 6, 7) }}",
                "1|    2|3    |00004|+5| 6|7");
        assertRenders(
                "{{ '%.2f|%8.3f|%e|%.3e|%g|%g|%G' % (2.675, 3.14159, 12345.678, 0.00012, 0.00001, 1234567, 1e-10) }}",
                "2.67|   3.142|1.234568e+04|1.200e-04|1e-05|1.23457e+06|1E-10");
        assertRenders(
                "{{ '%x|%X|%#x|%o|%c|%c|%r' % (255, 255, 255, 8, 65, 'z', 'q') }}",
                "ff|FF|0xff|10|A|z|'q'");
        assertRenders(
                "{{ '%(a)s-%(b)03d' % {'a': 'x', 'b': 7} }} {{ '%s' % [1, 2] }} {{ '%s' % ((1, 2),) }} {{ '%d' % 3.99 }} {{ '%s' % none }}",
                "x-007 [1, 2] (1, 2) 3 None");
        assertRenders("{{ '%s and %s'|format('a', 2) }} {{ '%(x)s'|format(x=1) }}", "a and 2 1");
        assertRenders(
                "{{ '%.0f %.0f %.1f' % (0.5, 1.5, 0.25) }} {{ '%5.1f|%-8.2f|%08.2f' % (1.25, 2.5, -3.14159) }}",
                "0 2 0.2   1.2|2.50    |-0003.14");
    }

    @Test
    void braceFormat() {
        assertRenders(
                "{{ '{} {}'.format(1, 'b') }} {{ '{1} {0}'.format(1, 2) }} {{ '{a}-{b[0]}-{c.k}'.format(a=1, b=[2], c={'k': 3}) if false else '' }}{{ '{a}-{b[0]}-{c[k]}'.format(a=1, b=[2], c={'k': 3}) }} {{ '{{x}}'.format() }}",
                "1 b 2 1 1-2-3 {x}");
        assertRenders(
                "{{ '{:>5}|{:<5}|{:^5}|{:*^7}|{:5}|{:5}'.format('a', 'b', 'c', 'd', 'e', 1) }}",
                "    a|b    |  c  |***d***|e    |    1");
        assertRenders(
                "{{ '{:d}|{:05d}|{:+}|{:,}|{:_}|{:x}|{:#x}|{:b}|{:c}'.format(1, 2, 3, 1234567, 1234567, 255, 255, 5, 65) }}",
                "1|00002|+3|1,234,567|1_234_567|ff|0xff|101|A");
        assertRenders(
                "{{ '{:.2f}|{:8.1f}|{:e}|{:g}|{:%}|{:.1%}|{:,.2f}|{}'.format(3.14159, 2.25, 1500.0, 0.0001, 0.25, 0.125, 1234567.891, 0.5) }}",
                "3.14|     2.2|1.500000e+03|0.0001|25.000000%|12.5%|1,234,567.89|0.5");
        assertRenders(
                "{{ '{!r} {!s:>4} {:.2}'.format('q', 'w', 'xyz') }} {{ '{:05}'.format(-3) }} {{ '{:.3}'.format(3.14159) }} {{ '{}'.format(true) }} {{ '{:d}'.format(true) }}",
                "'q'    w xy -0003 3.14 True 1");
    }

    @Test
    void textFilters() {
        assertRenders(
                "{{ s|upper }} {{ s|lower }} {{ 'heLLo wORLD-foo (bar'|title }} {{ 'heLLO'|capitalize }} [{{ padded|trim }}] {{ 'xax'|trim('x') }}",
                "HELLO WORLD hello world Hello World-Foo (Bar Hello [pad] a");
        assertRenders(
                "{{ s|replace('l', 'L') }} {{ s|replace('l', 'L', 1) }} {{ 121|replace(1, 'x') }} {{ s|reverse }} {{ u|reverse }} {{ 5|string + '5' }}",
                "HeLLo WorLd HeLlo World x2x dlroW olleH x😀 eßartS evïan 55");
        assertRenders(
                "{{ lines|indent }}|{{ lines|indent(2, true) }}|{{ lines|indent(width=1, blank=true) }}|{{ lines|indent('> ', first=true) }}",
                "one\n      two\n\n    three|  one\n    two\n\n  three|one\n   two\n \n three|> one\n>   two\n\n> three");
        assertRenders(
                "{{ html|e }} {{ html|escape|escape }} {{ html|safe }} {{ 'a'|safe + html }} {{ html + 'a'|safe }} {{ ('<'|e) ~ html }}",
                "&lt;b&gt;&amp;&#39;&#34; &lt;b&gt;&amp;&#39;&#34; <b>&'\" a&lt;b&gt;&amp;&#39;&#34; &lt;b&gt;&amp;&#39;&#34;a &lt;<b>&'\"");
        assertRenders(
                "{{ ('<%s>'|safe) % html }} {{ ('-'|safe).join(['<', '>'|safe]) }} {{ ['x'|safe] }} {{ 'a<'|safe|upper + '<' }} {{ ('a'|safe)|replace('a', '<') + '<' }}",
                "<&lt;b&gt;&amp;&#39;&#34;> &lt;-> [Markup('x')] A<&lt; <<");
    }

    @Test
    void listFilters() {
        assertRenders(
                "{{ l|first }} {{ l|last }} [{{ []|first }}] {{ s|first }}{{ s|last }} {{ d|first }} {{ l|length }} {{ d|count }} {{ s|length }}",
                "3 2 [] Hd k 3 3 11");
        assertRenders(
                "{{ l|sort }} {{ l|sort(reverse=true) }} {{ names|sort }} {{ names|sort(case_sensitive=true) }} {{ people[:2]|sort(attribute='age')|map(attribute='name')|list }}",
                "[1, 2, 3] [3, 2, 1] ['A', 'a', 'b', 'c'] ['A', 'a', 'b', 'c'] ['al', 'Bo']");
        assertRenders(
                "{{ l|reverse|list }} {{ ['b', 'B', 'a', 'b']|unique|list }} {{ [1, 1.0, true, 2]|unique|list }} {{ 'hello'|list }} {{ d|list }}",
                "[2, 1, 3] ['b', 'a'] [1, 2] ['h', 'e', 'l', 'l', 'o'] ['k', 'b', 'a']");
        assertRenders(
                "{{ l|join }} {{ l|join(', ') }} {{ people|join('/', attribute='name') }} {{ 'abc'|join('.') }} {{ l|sum }} {{ people[:2]|sum(attribute='age') }} {{ l|min }} {{ names|max }}",
                "312 3, 1, 2 Bo/al/Cy a.b.c 6 50 1 c");
        assertRenders(
                "{{ names|map('upper')|list }} {{ people|map(attribute='name')|join(',') }} {{ people|map(attribute='age', default=0)|list }} {{ people[:1]|map(attribute='home.city')|list }} {{ ['a b', 'c']|map('replace', ' ', '_')|list }}",
                "['B', 'A', 'C', 'A'] Bo,al,Cy [30, 20, 0] ['Rom'] ['a_b', 'c']");
        assertRenders(
                "{{ [0, 1, '', 'a', none]|select|list }} {{ [0, 1, 2]|reject|list }} {{ l|select('gt', 1)|list }} {{ l|select('odd')|list }} {{ l|reject('equalto', 1)|list }}",
                "[1, 'a'] [0] [3, 2] [3, 1] [3, 2]");
        assertRenders(
                "{{ people|selectattr('age')|map(attribute='name')|list }} {{ people|selectattr('age', 'defined')|list|length }} {{ people|rejectattr('age', 'ge', 30)|map(attribute='name')|list if false }}{{ people[:2]|rejectattr('age', 'ge', 30)|map(attribute='name')|list }}",
                "['Bo', 'al'] 2 ['al']");
    }

    @Test
    void dictAndNumberFilters() {
        assertRenders(
                "{{ d|dictsort }} {{ {'b': 2, 'A': 3, 'a': 1}|dictsort }} {{ {'b': 2, 'A': 1}|dictsort(true) }} {{ {'x': 2, 'y': 1}|dictsort(by='value') }} {{ {'a': 1, 'b': 2}|dictsort(reverse=true) }}",
                "[('a', [1]), ('b', 'two'), ('k', 1)] [('A', 3), ('a', 1), ('b', 2)] [('A', 1), ('b', 2)] [('y', 1), ('x', 2)] [('b', 2), ('a', 1)]");
        assertRenders(
                "{{ d|items|list }} {% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %} {{ d.keys()|list }} {{ d.values()|list }} {{ d.get('k') }} {{ d.get('zz') }} {{ d.get('zz', 9) }}",
                "[('k', 1), ('b', 'two'), ('a', [1])] k=1;b=two;a=[1]; ['k', 'b', 'a'] [1, 'two', [1]] 1 None 9");
        assertRenders(
                "{{ '42'|int }} {{ '4.7'|int }} {{ 'x'|int }} {{ 'x'|int(-1) }} {{ 3.99|int }} {{ '0x1f'|int(base=16) if false }}{{ '1f'|int(base=16) }} {{ ' 8 '|int }} {{ none|int }} {{ true|int }}",
                "42 4 0 -1 3 31 8 0 1");
        assertRenders(
                "{{ '1.5'|float }} {{ 'x'|float }} {{ 3|float }} {{ '1e3'|float }} {{ -3|abs }} {{ -2.5|abs }}",
                "1.5 0.0 3.0 1000.0 3 2.5");
        assertRenders(
                "{{ 2.5|round }} {{ 3.5|round }} {{ 2.675|round(2) }} {{ 42.55|round(1, 'floor') }} {{ 42.51|round(1, 'ceil') }} {{ 7|round }} {{ 1234|round(-2) }} {{ -0.2|round }}",
                "2.0 4.0 2.67 42.5 42.6 7 1200 -0.0");
        assertRenders(
                "{{ missing|default('a') }} {{ ''|default('a') }}| {{ ''|default('a', true) }} {{ none|d('x') }} {{ none|default('x', boolean=true) }}",
                "a | a None x");
    }

    @Test
    void tojson() {
        assertRenders(
                "{{ {'a': [1, 2.5, none, true, 'x'], 'b': {}, 'c': []}|tojson }}",
                "{\"a\": [1, 2.5, null, true, \"x\"], \"b\": {}, \"c\": []}");
        assertRenders(
                "{{ {'a': [1, {'b': 2}], 'c': {}}|tojson(indent=2) }}",
                "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n  \"c\": {}\n}");
        assertRenders(
                "{{ [[1]]|tojson(indent=0) }} {{ [1]|tojson(indent='\\t') }}",
                "[\n[\n1\n]\n] [\n\t1\n]");
        assertRenders(
                "{{ {'b': 1, 'a': 2}|tojson(sort_keys=true) }} {{ {'a': [1, 2]}|tojson(separators=(',', ':')) }} {{ {'a': [1, 2]}|tojson(indent=1, separators=(' ,', ' : ')) }}",
                "{\"a\": 2, \"b\": 1} {\"a\":[1,2]} {\n \"a\" : [\n  1 ,\n  2\n ]\n}");
        assertRenders(
                "{{ 'é😀</a>&\\'\"\\\\/\\x01\\x1f\\x7f\\n\\t\\r\\b\\f'|tojson }} {{ 'é😀\\x7f'|tojson(ensure_ascii=true) }}",
                "\"é😀</a>&'\\\"\\\\/\\u0001\\u001f\u007f\\n\\t\\r\\b\\f\" \"\\u00e9\\ud83d\\ude00\\u007f\"");
        assertRenders(
                "{{ {1: 'a', 1.5: 'b', true: 'c', none: 'd'}|tojson }} {{ (1, 2)|tojson }} {{ 1e16|tojson }} {{ 'x'|tojson|tojson }}",
                "{\"1\": \"c\", \"1.5\": \"b\", \"null\": \"d\"} [1, 2] 1e+16 \"\\\"x\\\"\"");
        assertRenders(
                "{{ people[0]|tojson }} {{ d|tojson|safe ~ '<' }}",
                "{\"name\": \"Bo\", \"age\": 30, \"home\": {\"city\": \"Rom\"}} {\"k\": 1, \"b\": \"two\", \"a\": [1]}<");
    }

    @Test
    void tests() {
        assertRenders(
                "{{ 1 is number }} {{ true is number }} {{ 1 is integer }} {{ true is integer }} {{ 1.0 is float }} {{ 's' is string }} {{ true is boolean }} {{ none is none }}",
                "True True True False True True True True");
        assertRenders(
                "{{ [] is sequence }} {{ {} is sequence }} {{ 's' is sequence }} {{ 1 is sequence }} {{ {}.items() is sequence }} {{ range(2) is sequence }} {{ [] is iterable }} {{ 1 is iterable }} {{ {} is mapping }} {{ [] is mapping }}",
                "True True True False False True True False True False");
        assertRenders(
                "{{ 3 is odd }} {{ 3 is even }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(2) }} {{ 1 is true }} {{ true is true }} {{ false is false }}",
                "True False True False False True True");
        assertRenders(
                "{{ 1 is eq 1 }} {{ 1 is equalto(2) }} {{ 1 is ne 2 }} {{ 1 is lt 2 }} {{ 2 is ge 2 }} {{ 1 is in [1] }} {{ 1 is not in [1] }} {{ none is sameas none }}",
                "True False True True True True False True");
        assertRenders(
                "{{ 'a' is lower }} {{ 'A' is upper }} {{ range is callable }} {{ s is not string }} {{ not s is string }} {{ d.k is defined and d.k is not none }} {{ 'x'|safe is escaped }}",
                "True True True False False True True");
    }

    @Test
    void functions() {
        assertRenders(
                "{{ range(4)|list }} {{ range(2, 5)|list }} {{ range(5, 0, -2)|list }} {{ range(0)|list }} {{ range(3)[1] }} {{ 2 in range(3) }} {{ range(9)|length }}",
                "[0, 1, 2, 3] [2, 3, 4] [5, 3, 1] [] 1 True 9");
        assertRenders(
                "{{ dict(a=1, b='x') }} {{ dict({'a': 1}, b=2) }} {{ dict() }}",
                "{'a': 1, 'b': 'x'} {'a': 1, 'b': 2} {}");
        assertRenders(
                "{% set ns = namespace(a=1, b=[]) %}{% set ns.a = ns.a + 1 %}{% set ns.c = 'new' %}{{ ns.a }} {{ ns.b }} {{ ns.c }} [{{ ns.zz }}] {{ ns['a'] }} {{ namespace({'q': 5}).q }}",
                "2 [] new [] 2 5");
        assertRenders(
                "{{ strftime_now('%d %b %Y') }} {{ strftime_now('%Y-%m-%d %H:%M:%S') }}",
                "23 Nov 2026 2026-11-23 12:00:00");
    }
}
