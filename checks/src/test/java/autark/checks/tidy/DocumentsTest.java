package autark.checks.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Markdown;
import autark.checks.Repository;
import autark.model.Config;
import com.sun.source.tree.LiteralTree;
import com.sun.source.util.TreeScanner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Documents and code tell the same story.
class DocumentsTest {
    private static final Pattern SETTING =
            Pattern.compile("AUTARK_[A-Z_]+|autark\\.[a-z]+(?:[.-][a-z]+)*");
    private static final Pattern VARIABLE = Pattern.compile("AUTARK_[A-Z_]+");
    private static final Pattern DEPENDENCY =
            Pattern.compile(
                    "<(?:dependency|path)>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)<");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:[._][a-z0-9]+)+");
    private static final List<Path> SETTINGS =
            List.of(
                    Repository.root().resolve("docs/reference/settings.md"),
                    Repository.root().resolve("docs/reference/server-settings.md"));

    private static final List<String> SCRIPTS = List.of("autark", "verify", "bin/find-jdk");

    private static final List<Source> DOCUMENTS =
            Repository.files(Repository.root(), ".md").stream().map(Source::of).toList();

    @Test
    void linksResolve() {
        assertThat(DOCUMENTS.stream().flatMap(document -> brokenLinks(document).stream()))
                .isEmpty();
    }

    @Test
    void aBrokenLinkIsSeen() {
        assertThat(brokenLinks(new Source("docs/bad.md", "[a](no-such.md) [b](#no-such)")))
                .containsExactly("docs/bad.md: no-such.md", "docs/bad.md: #no-such");
    }

    /// A document that no other links to is found by nobody.
    @Test
    void eachDocumentIsLinked() {
        Set<Path> linked = new TreeSet<>();
        for (Source document : DOCUMENTS) {
            Path self = Repository.root().resolve(document.path());
            for (String link : new Markdown(document.text()).links()) {
                if (!link.contains("://") && !link.startsWith("#")) {
                    linked.add(self.resolveSibling(link.replaceFirst("#.*", "")).normalize());
                }
            }
        }

        assertThat(Repository.files(Repository.root().resolve("docs"), ".md"))
                .allMatch(linked::contains);
    }

    @Test
    void theReadmeMapsEachModule() {
        String readme = Repository.read(Repository.root().resolve("README.md"));
        String architecture = Repository.read(Repository.root().resolve("ARCHITECTURE.md"));

        assertThat(Repository.modules())
                .allMatch(module -> readme.contains("`" + module + "/`"), "is in README.md")
                .allMatch(module -> architecture.contains("`" + module + "`"), "is in the table");
    }

    @Test
    void settingsOfTheCodeAreDocumentedAndTheOtherWayRound() {
        Set<String> documented = new TreeSet<>();
        for (Path page : SETTINGS) {
            SETTING.matcher(Repository.read(page))
                    .results()
                    .forEach(m -> documented.add(m.group()));
        }

        assertThat(settingsOfTheCode()).isEqualTo(documented);
    }

    @Test
    void eachDependencyIsDecided() {
        String decisions =
                Repository.read(Repository.root().resolve("docs/adr/0011-dependencies.md"));
        List<String> dependencies =
                Repository.files(Repository.root(), "pom.xml").stream()
                        .flatMap(pom -> DEPENDENCY.matcher(Repository.read(pom)).results())
                        .map(match -> match.group(1) + ":" + match.group(2))
                        .filter(name -> !name.startsWith("autark:"))
                        .distinct()
                        .toList();

        assertThat(dependencies)
                .contains("tools.jackson.core:jackson-databind")
                .allMatch(name -> decisions.contains("`" + name + "`"), "is in the decision");
    }

    /// Names of keys and tensors have parts, divided by dots and low lines.
    @Test
    void eachKeyAndTensorOfAModelFileIsDocumented() {
        Path folder = Repository.root().resolve("docs/reference");
        String reference =
                Repository.read(folder.resolve("gguf.md"))
                        + Repository.read(folder.resolve("adapters.md"));
        Set<String> documented = words(NAME, reference);
        Set<String> undocumented = new TreeSet<>();
        for (String literal : literals(Path.of("model", "src", "main"), NAME)) {
            String name = literal.replace(".weight", "");
            boolean found =
                    documented.contains(name)
                            || reference.contains("`" + name + "`")
                            || documented.stream().anyMatch(word -> word.endsWith("." + name));
            if (!found) {
                undocumented.add(literal);
            }
        }

        assertThat(undocumented).containsExactly("data.pkl");
        assertThat(Config.ARCHITECTURES).allMatch(name -> reference.contains("`" + name + "`"));
    }

    private static List<String> brokenLinks(Source document) {
        Path self = Repository.root().resolve(document.path());
        List<String> broken = new ArrayList<>();
        for (String link : new Markdown(document.text()).links()) {
            if (link.contains("://")) {
                continue;
            }
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty() ? self : self.resolveSibling(parts[0]).normalize();
            boolean anchorFound =
                    parts.length == 1
                            || new Markdown(textOf(target, document)).anchors().contains(parts[1]);
            if (!anchorFound || !(parts[0].isEmpty() || Files.exists(target))) {
                broken.add(document.path() + ": " + link);
            }
        }
        return broken;
    }

    private static String textOf(Path target, Source document) {
        boolean self = target.equals(Repository.root().resolve(document.path()));
        return self || !Files.isRegularFile(target) ? document.text() : Repository.read(target);
    }

    /// System properties and environment variables stand as whole string literals in the code.
    private static Set<String> settingsOfTheCode() {
        Set<String> settings = new TreeSet<>();
        for (String module : Repository.SHIPPED_MODULES) {
            settings.addAll(literals(Path.of(module, "src", "main"), SETTING));
        }
        for (String script : SCRIPTS) {
            settings.addAll(words(VARIABLE, Repository.read(Repository.root().resolve(script))));
        }
        return settings;
    }

    private static Set<String> words(Pattern pattern, String text) {
        Set<String> words = new TreeSet<>();
        pattern.matcher(text).results().map(MatchResult::group).forEach(words::add);
        return words;
    }

    /// The string literals of the Java files below a folder that match as a whole.
    private static Set<String> literals(Path folder, Pattern pattern) {
        Set<String> literals = new TreeSet<>();
        for (Path file : Repository.files(Repository.root().resolve(folder), ".java")) {
            new TreeScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitLiteral(LiteralTree literal, @Nullable Void unused) {
                    if (literal.getValue() instanceof String text
                            && pattern.matcher(text).matches()) {
                        literals.add(text);
                    }
                    return null;
                }
            }.scan(Source.of(file).parse().unit(), null);
        }
        return literals;
    }
}
