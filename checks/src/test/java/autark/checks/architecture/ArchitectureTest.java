package autark.checks.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Repository;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Applies each rule to the compiled modules, and to a class that breaks it.
class ArchitectureTest {
    private static final JavaClasses PRODUCTION =
            new ClassFileImporter()
                    .importPaths(
                            Repository.SHIPPED_MODULES.stream()
                                    .map(ArchitectureTest::classesOf)
                                    .toList());

    static Stream<Rule> rules() {
        return Stream.of(Borders.RULES, Gates.RULES, Habits.RULES).flatMap(List::stream);
    }

    static List<String> shippedModules() {
        return Repository.SHIPPED_MODULES;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void productionKeepsTheRule(Rule rule) {
        rule.rule().allowEmptyShould(true).check(PRODUCTION);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theRuleRefusesItsCounterexample(Rule rule, @TempDir Path folder) throws IOException {
        JavaClasses bad = Counterexample.compile(rule.counterexample(), folder);

        assertThat(rule.rule().evaluate(bad).hasViolation()).isTrue();
    }

    /// An importer that cannot read a new class file version finds nothing and lets all rules pass.
    @ParameterizedTest
    @MethodSource("shippedModules")
    void theImporterFindsAClassForEachSource(String module) {
        List<String> expected =
                Repository.files(sourcesOf(module), ".java").stream()
                        .map(source -> className(sourcesOf(module), source))
                        .filter(name -> !name.endsWith("-info"))
                        .toList();

        assertThat(expected).isNotEmpty();
        assertThat(PRODUCTION.stream().map(JavaClass::getName)).containsAll(expected);
    }

    /// A class that no other one mentions is dead, or the program's entrance.
    @Test
    void eachClassIsUsed() {
        assertThat(PRODUCTION)
                .filteredOn(type -> type.isTopLevelClass() && !type.getName().endsWith("-info"))
                .filteredOn(type -> !isMentioned(type) && !isCopied(type))
                .extracting(JavaClass::getName)
                .containsExactly("autark.cli.Autark");
    }

    private static boolean isMentioned(JavaClass type) {
        return type.getDirectDependenciesToSelf().stream()
                .map(dependency -> outermost(dependency.getOriginClass()))
                .anyMatch(origin -> !origin.equals(type));
    }

    /// The compiler copies constants, so a class of nothing else is mentioned by nobody.
    private static boolean isCopied(JavaClass constants) {
        return constants.getMethods().isEmpty()
                && constants.getFields().stream()
                        .map(JavaField::getRawType)
                        .allMatch(type -> type.isPrimitive() || type.isEquivalentTo(String.class));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    private static Path classesOf(String module) {
        return Repository.root().resolve(module, "target", "classes");
    }

    private static Path sourcesOf(String module) {
        return Repository.root().resolve(module, "src", "main", "java");
    }

    private static String className(Path folder, Path source) {
        String relative = folder.relativize(source).toString();
        return relative.substring(0, relative.length() - ".java".length())
                .replace(source.getFileSystem().getSeparator(), ".");
    }
}
