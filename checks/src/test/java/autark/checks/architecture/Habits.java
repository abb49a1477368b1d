package autark.checks.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.List;

/// How a class is written: names, state, output, errors.
final class Habits {
    static final List<Rule> RULES =
            List.of(
                    new Rule(
                            noClasses()
                                    .should()
                                    .haveNameMatching(".*(Util|Utils|Helper|Impl|Manager)(\\$.*)?")
                                    .orShould()
                                    .haveNameMatching(".*[.$]Abstract[^.]*")
                                    .as("a class is named for what it is"),
                            """
                            package autark.text.token;
                            class TokenizerImpl {}
                            """),
                    new Rule(
                            fields().that()
                                    .areStatic()
                                    .should()
                                    .beFinal()
                                    .as("no mutable static field"),
                            """
                            package autark.engine;
                            class Bad { static int count; }
                            """),
                    new Rule(
                            noFields()
                                    .that()
                                    .areStatic()
                                    .should()
                                    .haveRawType(resideInAnyPackage("java.util.concurrent.."))
                                    .orShould()
                                    .haveRawType(assignableTo(AbstractCollection.class))
                                    .orShould()
                                    .haveRawType(assignableTo(AbstractMap.class))
                                    .orShould()
                                    .haveRawType(
                                            belongToAnyOf(StringBuilder.class, ThreadLocal.class))
                                    .as("no static field of a type made to change"),
                            """
                            package autark.engine;
                            class Bad {
                                static final java.util.HashMap<String, String> CACHE = new java.util.HashMap<>();
                            }
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .resideOutsideOfPackage("autark.cli..")
                                    .should()
                                    .accessField(System.class, "out")
                                    .orShould()
                                    .accessField(System.class, "err")
                                    .as("only cli prints"),
                            """
                            package autark.model;
                            class Bad { void tell() { System.err.println("loaded"); } }
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .resideOutsideOfPackage("autark.cli")
                                    .should()
                                    .callMethod(System.class, "exit", int.class)
                                    .orShould()
                                    .callMethod(Runtime.class, "halt", int.class)
                                    .as("only the program itself ends the process"),
                            """
                            package autark.engine;
                            class Bad { void end() { System.exit(1); } }
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .haveNameMatching(
                                            "autark\\.(chip\\.kernel\\..*Scalar|model\\.ops\\..*)")
                                    .should()
                                    .dependOnClassesThat(resideInAnyPackage("java.util.stream.."))
                                    .orShould()
                                    .callMethod(Integer.class, "valueOf", int.class)
                                    .orShould()
                                    .callMethod(Long.class, "valueOf", long.class)
                                    .orShould()
                                    .callMethod(Float.class, "valueOf", float.class)
                                    .as(
                                            "scalar kernels and operations use no streams and box nothing"),
                            """
                            package autark.chip.kernel;
                            class BadScalar { Object box(float value) { return value; } }
                            """),
                    new Rule(
                            classes()
                                    .that()
                                    .areAssignableTo(Throwable.class)
                                    .should()
                                    .beAssignableTo(RuntimeException.class)
                                    .as("own exceptions are unchecked"),
                            """
                            package autark.text.template;
                            class Bad extends Exception {}
                            """));

    private Habits() {}
}
