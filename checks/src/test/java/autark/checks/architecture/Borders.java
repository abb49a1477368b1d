package autark.checks.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;

/// Who may know whom: modules, packages and libraries.
final class Borders {
    private static final String JACKSON = "tools.jackson..";
    private static final String JACKSON_STREAMS = "tools.jackson.core..";
    private static final String JACKSON_ANNOTATIONS = "com.fasterxml.jackson.annotation..";

    /// A front package declares what its inner packages fill in, and wires them: a cycle by nature.
    private static final DescribedPredicate<JavaClass> FRONT =
            resideInAnyPackage(
                    "autark.chip", "autark.model", "autark.engine", "autark.server", "autark.cli");

    static final List<Rule> RULES =
            List.of(
                    new Rule(
                            module("autark.chip..", List.of()),
                            """
                            package autark.chip;
                            class Bad { autark.text.token.Worse worse; }
                            ---
                            package autark.text.token;
                            public class Worse {}
                            """),
                    new Rule(
                            module("autark.text..", List.of(JACKSON, JACKSON_ANNOTATIONS)),
                            """
                            package autark.text.token;
                            class Bad { autark.chip.Worse worse; }
                            ---
                            package autark.chip;
                            public class Worse {}
                            """),
                    new Rule(
                            module(
                                    "autark.model..",
                                    List.of("autark.chip..", "autark.text..", JACKSON_STREAMS)),
                            """
                            package autark.model;
                            class Bad { tools.jackson.databind.ObjectMapper json; }
                            """),
                    new Rule(
                            module(
                                    "autark.engine..",
                                    List.of(
                                            "autark.chip..",
                                            "autark.text..",
                                            "autark.model..",
                                            "javax.crypto..",
                                            "jdk.jfr..",
                                            JACKSON,
                                            JACKSON_ANNOTATIONS)),
                            """
                            package autark.engine;
                            class Bad { picocli.CommandLine line; }
                            """),
                    new Rule(
                            module(
                                    "autark.server..",
                                    List.of(
                                            "autark.chip..",
                                            "autark.text..",
                                            "autark.model..",
                                            "autark.engine..",
                                            "javax.net.ssl..",
                                            "jdk.net..",
                                            "org.h2.mvstore..",
                                            JACKSON,
                                            JACKSON_ANNOTATIONS)),
                            """
                            package autark.server;
                            class Bad { picocli.CommandLine line; }
                            """),
                    new Rule(
                            module(
                                    "autark.cli..",
                                    List.of(
                                            "autark..",
                                            "picocli..",
                                            "com.sun.management..",
                                            "javax.net.ssl..",
                                            JACKSON,
                                            JACKSON_ANNOTATIONS)),
                            """
                            package autark.cli;
                            class Bad { org.junit.jupiter.api.TestInfo info; }
                            """),
                    new Rule(
                            slices().matching("autark.(**)")
                                    .should()
                                    .beFreeOfCycles()
                                    .ignoreDependency(FRONT, DescribedPredicate.alwaysTrue())
                                    .as("packages form no cycles, front packages aside"),
                            """
                            package autark.model.arch;
                            public class Bad { autark.model.file.Worse worse; }
                            ---
                            package autark.model.file;
                            public class Worse { autark.model.arch.Bad bad; }
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .resideOutsideOfPackage("autark.chip..")
                                    .should()
                                    .dependOnClassesThat()
                                    .resideInAnyPackage(
                                            "autark.chip.asm..",
                                            "autark.chip.kernel..",
                                            "autark.chip.os..")
                                    .as("kernels, assembler and system calls stay inside chip"),
                            """
                            package autark.model;
                            class Bad { autark.chip.kernel.Worse kernel; }
                            ---
                            package autark.chip.kernel;
                            public class Worse {}
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .resideOutsideOfPackage("autark.chip..")
                                    .should()
                                    .haveNameMatching(".*(Avx|Neon|X86|Arm64).*")
                                    .as("only chip knows instruction sets"),
                            """
                            package autark.model;
                            class SoftmaxAvx2 {}
                            """));

    private Borders() {}

    /// A module knows the JDK, itself and what is listed; so each library has its modules, too.
    private static ArchRule module(String self, List<String> others) {
        List<String> allowed =
                Stream.concat(Stream.of("java..", "org.jspecify..", self), others.stream())
                        .toList();
        return classes()
                .that()
                .resideInAPackage(self)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new))
                .as(self + " depends on " + String.join(", ", allowed) + " only");
    }
}
