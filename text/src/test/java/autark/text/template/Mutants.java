package autark.text.template;

import java.util.List;
import java.util.SplittableRandom;

/// Makes damaged templates out of good ones.
final class Mutants {
    private static final int CHANGES_MAX = 6;

    private static final List<String> SEEDS =
            List.of(
                    "{% for p in people if p.age is defined %}{{ p.name|upper }}:{{ p['age'] + 1 }}"
                            + "{% if not loop.last %}, {% endif %}{% else %}-{% endfor %}",
                    "{%- set ns = namespace(a=[], b='x') -%}{% for x in l %}"
                            + "{% set ns.a = ns.a + [x] %}{% endfor %}{{ ns.a|sort|join('-') }}",
                    "{% macro m(a, b=2) %}[{{ a ~ b }}{{ caller is defined }}]{% endmacro %}"
                            + "{{ m(1) }}{% call(q) m(b=3, a=s) %}x{% endcall %}",
                    "{{ {'a': [1, 2.5, none], 'b': {'c': true}}|tojson(indent=2) }}{# note #}",
                    "{{ s[1:-1:2] }}{{ s.split('o')[-1].strip() }}{{ '%05.1f|%s' % (f, d) }}",
                    "{% filter indent(2) %}{% raw %}{{ x }}{% endraw %}\n{{ lines }}{% endfilter %}",
                    "{% if n > 5 and n < 9 or not d %}{{ n // 2 }}{% elif s in names %}b{% endif %}",
                    "{{ '{:>8}|{0!r}'.format(n) }}{{ u[::-1]|title }}{{ range(3)|map('string')|list }}",
                    "{% for t in [[1, [2, 3]]] recursive %}{{ loop.depth }}{{ loop([]) }}{% endfor %}"
                            + "{% set x %}a{{ n }}{% endset %}{{ x|replace('a', 'b')|length }}");

    private static final List<String> WORDS =
            List.of(
                    "{{",
                    "}}",
                    "{%",
                    "%}",
                    "{#",
                    "#}",
                    "-",
                    "+",
                    "(",
                    ")",
                    "[",
                    "]",
                    "{",
                    "}",
                    "|",
                    ".",
                    ",",
                    ":",
                    "'",
                    "\"",
                    "\\",
                    "\n",
                    " ",
                    "~",
                    "*",
                    "**",
                    "//",
                    "%",
                    "==",
                    "0",
                    "-1",
                    "99999999999",
                    "1e308",
                    "none",
                    "not ",
                    " is ",
                    " in ",
                    " if ",
                    " else ",
                    "loop",
                    "missing",
                    "__class__",
                    "ns.a",
                    "{% endif %}",
                    "{% endfor %}",
                    "|safe",
                    "|list",
                    "|first",
                    "()",
                    "[0]",
                    "😀",
                    "\0",
                    "{% break %}",
                    "range(9999)",
                    "* 9");

    private Mutants() {}

    static String next(SplittableRandom random) {
        StringBuilder mutant = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
        for (int changes = random.nextInt(CHANGES_MAX); changes >= 0; changes--) {
            int at = random.nextInt(mutant.length() + 1);
            int end = Math.min(mutant.length(), at + random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> mutant.delete(at, end);
                case 1 -> mutant.insert(at, mutant.substring(at, end));
                case 2 -> mutant.insert(at, SEEDS.get(random.nextInt(SEEDS.size())));
                default -> mutant.insert(at, WORDS.get(random.nextInt(WORDS.size())));
            }
        }
        return mutant.toString();
    }
}
