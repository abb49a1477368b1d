package autark.checks.tidy;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/// How a Java file is written, where the compiler and the formatter have no opinion.
final class JavaRules {
    static final int METHOD_LINES_MAX = 70;
    static final int FILE_LINES_MAX = 800;

    /// Methods that may be longer, as `path#method`, and why.
    static final Map<String, String> LONG_METHODS = Map.of();

    private static final Set<Modifier> CLOSED =
            Set.of(Modifier.FINAL, Modifier.SEALED, Modifier.NON_SEALED);

    private JavaRules() {}

    static List<Rule> rules() {
        return List.of(
                new Rule(
                        "a file has at most %d lines".formatted(FILE_LINES_MAX),
                        JavaRules::longFile,
                        java("final class Bad {}\n" + "//\n".repeat(FILE_LINES_MAX))),
                new Rule(
                        "a method has at most %d lines".formatted(METHOD_LINES_MAX),
                        JavaRules::longMethods,
                        java(
                                "final class Bad { void run() {\n"
                                        + "run();\n".repeat(METHOD_LINES_MAX)
                                        + "} }")),
                new Rule(
                        "a class is final or sealed", JavaRules::openClasses, java("class Bad {}")),
                new Rule(
                        "a public type is documented",
                        JavaRules::undocumentedTypes,
                        java("public final class Bad {}")),
                new Rule(
                        "a catch block does something or says why not",
                        JavaRules::swallowedExceptions,
                        java(
                                "final class Bad { void run() { try { run(); } catch (Error e) {} } }")),
                new Rule(
                        "a package says what it is",
                        JavaRules::silentPackage,
                        new Source(
                                "text/src/main/java/autark/text/package-info.java",
                                "package autark.text;")),
                new Rule(
                        "a module is null-marked",
                        JavaRules::unmarkedModule,
                        new Source("text/src/main/java/module-info.java", "module autark.text {}")),
                new Rule(
                        "a test runs, always, and waits for nothing",
                        JavaRules::conditionalTests,
                        new Source(
                                "text/src/test/java/autark/text/BadTest.java",
                                "class BadTest { @Disabled void test() {} }")));
    }

    private static Source java(String text) {
        return new Source("text/src/main/java/autark/text/Bad.java", text);
    }

    private static List<String> longFile(Source source) {
        return source.isJava() && source.lineCount() > FILE_LINES_MAX
                ? List.of("%d lines".formatted(source.lineCount()))
                : List.of();
    }

    private static List<String> longMethods(Source source) {
        if (!source.isJava()) {
            return List.of();
        }
        Source.Parsed parsed = source.parse();
        List<String> problems = new ArrayList<>();
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
                long lines = parsed.lastLine(method) - parsed.firstLine(method) + 1;
                String name = source.path() + "#" + method.getName();
                if (lines > METHOD_LINES_MAX && !LONG_METHODS.containsKey(name)) {
                    problems.add("%s has %d lines".formatted(method.getName(), lines));
                }
                return super.visitMethod(method, null);
            }
        }.scan(parsed.unit(), null);
        return problems;
    }

    /// JMH extends the classes of benchmarks, so those stay open.
    private static List<String> openClasses(Source source) {
        if (!source.isMainJava() || source.path().startsWith("bench/")) {
            return List.of();
        }
        List<String> problems = new ArrayList<>();
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
                boolean anonymous =
                        getCurrentPath().getParentPath().getLeaf() instanceof NewClassTree;
                if (type.getKind() == Tree.Kind.CLASS
                        && !anonymous
                        && type.getModifiers().getFlags().stream().noneMatch(CLOSED::contains)) {
                    problems.add("%s is open".formatted(type.getSimpleName()));
                }
                return super.visitClass(type, null);
            }
        }.scan(source.parse().unit(), null);
        return problems;
    }

    private static List<String> undocumentedTypes(Source source) {
        if (!source.isMainJava()) {
            return List.of();
        }
        Source.Parsed parsed = source.parse();
        List<String> problems = new ArrayList<>();
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
                if (type.getModifiers().getFlags().contains(Modifier.PUBLIC)
                        && !parsed.documented(getCurrentPath())) {
                    problems.add("%s has no documentation".formatted(type.getSimpleName()));
                }
                return super.visitClass(type, null);
            }
        }.scan(parsed.unit(), null);
        return problems;
    }

    private static List<String> swallowedExceptions(Source source) {
        if (!source.isJava()) {
            return List.of();
        }
        Source.Parsed parsed = source.parse();
        List<String> problems = new ArrayList<>();
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
            @Override
            public @Nullable Void visitCatch(CatchTree handler, @Nullable Void unused) {
                BlockTree block = handler.getBlock();
                if (block.getStatements().isEmpty()
                        && parsed.firstLine(block) == parsed.lastLine(block)) {
                    problems.add("empty catch in line %d".formatted(parsed.firstLine(block)));
                }
                return super.visitCatch(handler, null);
            }
        }.scan(parsed.unit(), null);
        return problems;
    }

    private static List<String> silentPackage(Source source) {
        boolean silent =
                source.isMainJava()
                        && source.path().endsWith("/package-info.java")
                        && !source.text().strip().startsWith("///");
        return silent ? List.of("no paragraph above the package") : List.of();
    }

    private static List<String> unmarkedModule(Source source) {
        boolean unmarked =
                source.path().endsWith("/module-info.java")
                        && !source.text().contains("@NullMarked");
        return unmarked ? List.of("no @NullMarked") : List.of();
    }

    /// Programs that a test starts may wait; tests may not.
    private static List<String> conditionalTests(Source source) {
        if (!source.path().contains("/src/test/") || source.path().startsWith("checks/")) {
            return List.of();
        }
        Stream<String> always = Stream.of("@Disabled", "assumeTrue(", "assumeThat(", "abort(");
        Stream<String> inTests = Stream.of("Thread.sleep(");
        return (source.path().endsWith("Test.java") ? Stream.concat(always, inTests) : always)
                .filter(source.text()::contains)
                .map(word -> "uses " + word)
                .toList();
    }
}
