package autark.checks.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Applies each rule to all texts of the repository, and to a text that breaks it.
class TidyTest {
    private static final Set<String> TEXT_SUFFIXES =
            Set.of(
                    "java",
                    "md",
                    "sh",
                    "py",
                    "xml",
                    "config",
                    "gitignore",
                    "yml",
                    "yaml",
                    "service",
                    "properties");

    private static final List<Source> SOURCES =
            Repository.files(Repository.root(), "").stream()
                    .filter(TidyTest::isOwnText)
                    .map(Source::of)
                    .toList();

    static Stream<Rule> rules() {
        return Stream.concat(TextRules.rules().stream(), JavaRules.rules().stream());
    }

    static List<String> modules() {
        return Repository.modules();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void allTextsKeepTheRule(Rule rule) {
        List<String> problems =
                SOURCES.stream()
                        .flatMap(source ->
                                rule.problems().apply(source).stream()
                                        .map(problem -> source.path() + ": " + problem))
                        .toList();

        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theRuleRefusesItsCounterexample(Rule rule) {
        assertThat(rule.problems().apply(rule.counterexample())).isNotEmpty();
    }

    @Test
    void theTextsOfAllModulesAreSeen() {
        assertThat(SOURCES.stream().map(Source::path))
                .contains("README.md", "pom.xml")
                .anyMatch(path -> path.startsWith("chip/src/main/java/"))
                .anyMatch(path -> path.startsWith("checks/src/test/java/"));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void eachPackageSaysWhatItIs(String module) {
        Path sources = Repository.root().resolve(module, "src", "main", "java");
        List<Path> packages =
                Repository.files(sources, ".java").stream()
                        .map(Path::getParent)
                        .filter(folder -> !folder.equals(sources))
                        .distinct()
                        .toList();

        assertThat(packages).allMatch(folder -> Files.exists(folder.resolve("package-info.java")));
    }

    /// A limit with exceptions that nobody needs any more is a limit nobody reads.
    @Test
    void eachExceptionIsStillNeeded() {
        List<String> methods =
                SOURCES.stream().map(Source::path).filter(path -> path.endsWith(".java")).toList();

        assertThat(JavaRules.LONG_METHODS.keySet())
                .allMatch(name -> methods.contains(name.substring(0, name.indexOf('#'))));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void goldenDataTellsWhereItComesFrom(String module) {
        Path golden = Repository.root().resolve(module, "src", "test", "resources", "golden");

        assertThat(Repository.children(golden).stream().filter(Files::isDirectory))
                .allMatch(TidyTest::hasProvenance);
    }

    /// A README of its own, or its name in the one above.
    private static boolean hasProvenance(Path folder) {
        Path above = folder.resolveSibling("README.md");
        return Files.exists(folder.resolve("README.md"))
                || (Files.exists(above)
                        && Repository.read(above).contains("`" + folder.getFileName() + "`"));
    }

    private static boolean isOwnText(Path file) {
        String path = Repository.root().relativize(file).toString();
        String name = file.getFileName().toString();
        boolean golden = path.contains("resources/golden/") && !name.equals("README.md");
        boolean licence = name.equals("LICENSE");
        boolean text =
                !name.contains(".")
                        || TEXT_SUFFIXES.contains(name.substring(name.lastIndexOf('.') + 1));
        return text && !golden && !licence;
    }
}
