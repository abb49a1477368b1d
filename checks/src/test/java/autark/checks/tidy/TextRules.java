package autark.checks.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What no text of the repository holds, whatever its kind.
final class TextRules {
    private static final Pattern LEFT_UNDONE =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.~}$])/(?:work|w|root|farm|home/(?!me/)\\w+|Users/\\w+)/");
    private static final Pattern REGISTRY_HOST =
            Pattern.compile(
                    "(?i)\\b(?:pypi|pythonhosted|npmjs|maven\\.apache|mvnrepository|sonatype)"
                            + "\\.(?:org|com)\\b(?!/POM/|/xsd/)");
    private static final Pattern WORK_NOTE =
            Pattern.compile("(?i)\\b(?:issue|pull request) ?#?\\d+\\b");
    private static final Pattern CONFLICT = Pattern.compile("^(?:<{7}|>{7}) ", Pattern.MULTILINE);

    private TextRules() {}

    static List<Rule> rules() {
        return List.of(
                new Rule(
                        "nothing is left undone",
                        absent(LEFT_UNDONE),
                        text("docs/bad.md", "TO" + "DO: write this")),
                new Rule(
                        "no path of one machine",
                        absent(MACHINE_PATH),
                        text("docs/bad.md", "see /ho" + "me/someone/models")),
                new Rule(
                        "no host of a package registry",
                        absent(REGISTRY_HOST),
                        text("docs/bad.md", "from https://py" + "pi.org/simple")),
                new Rule(
                        "no numbers of a tracker",
                        absent(WORK_NOTE),
                        text("docs/bad.md", "as iss" + "ue 12 asks")),
                new Rule(
                        "no marks of a merge",
                        absent(CONFLICT),
                        text("docs/bad.md", "<".repeat(7) + " HEAD")),
                new Rule(
                        "lines end where their text ends, files with a line end",
                        TextRules::raggedEnds,
                        text("docs/bad.md", "ragged \n")));
    }

    private static Source text(String path, String text) {
        return new Source(path, text);
    }

    private static Function<Source, List<String>> absent(Pattern pattern) {
        return source -> {
            List<String> problems = new ArrayList<>();
            Matcher matcher = pattern.matcher(source.text());
            while (matcher.find()) {
                long line = source.text().substring(0, matcher.start()).lines().count();
                problems.add("`%s` near line %d".formatted(matcher.group(), line));
            }
            return problems;
        };
    }

    private static List<String> raggedEnds(Source source) {
        List<String> problems = new ArrayList<>();
        List<String> lines = source.text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).equals(lines.get(i).stripTrailing())) {
                problems.add("spaces at the end of line %d".formatted(i + 1));
            }
        }
        if (!source.text().isEmpty() && !source.text().endsWith("\n")) {
            problems.add("no line end at the end of the file");
        }
        return problems;
    }
}
