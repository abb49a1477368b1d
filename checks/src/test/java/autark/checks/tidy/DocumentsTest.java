package autark.checks.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Markdown;
import autark.checks.Repository;
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
    private static final Path SETTINGS = Repository.root().resolve("docs/reference/settings.md");

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
        SETTING.matcher(Repository.read(SETTINGS))
                .results()
                .forEach(m -> documented.add(m.group()));

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
            Path sources = Repository.root().resolve(module, "src", "main");
            for (Path file : Repository.files(sources, ".java")) {
                settings.addAll(settings(Source.of(file)));
            }
        }
        for (String script : SCRIPTS) {
            String text = Repository.read(Repository.root().resolve(script));
            VARIABLE.matcher(text).results().map(MatchResult::group).forEach(settings::add);
        }
        return settings;
    }

    private static Set<String> settings(Source source) {
        Set<String> settings = new TreeSet<>();
        new TreeScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitLiteral(LiteralTree literal, @Nullable Void unused) {
                if (literal.getValue() instanceof String text && SETTING.matcher(text).matches()) {
                    settings.add(text);
                }
                return null;
            }
        }.scan(source.parse().unit(), null);
        return settings;
    }
}
