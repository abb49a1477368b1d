package autark.checks.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// One gate for each danger: memory, network, processes, code from data, time and chance.
final class Gates {
    private static final String PULL = "autark.cli.pull..";
    private static final String LISTEN = "autark.server.http..";
    private static final String SEAL = "autark.engine.seal..";

    /// Listens on a socket of the file system.
    private static final String CONTROL = "autark.server.access.ControlSocket";

    static final List<Rule> RULES =
            List.of(
                    new Rule(
                            noClasses()
                                    .that()
                                    .resideOutsideOfPackages(
                                            "autark.chip.os..", "autark.chip.kernel..")
                                    .should()
                                    .dependOnClassesThat(
                                            belongToAnyOf(Linker.class, SymbolLookup.class))
                                    .orShould()
                                    .accessTargetWhere(
                                            calls(MemorySegment.class, "reinterpret", "ofAddress"))
                                    .orShould()
                                    .accessTargetWhere(calls(MethodHandle.class, "invokeExact"))
                                    .as("only chip.os and chip.kernel leave Java's memory checks"),
                            """
                            package autark.model;
                            class Bad {
                                Object read(java.lang.foreign.MemorySegment s) { return s.reinterpret(8); }
                            }
                            """),
                    new Rule(
                            noClasses()
                                    .should()
                                    .accessTargetWhere(calls(Linker.Option.class, "critical"))
                                    .as("no call holds the garbage collector up until it returns"),
                            """
                            package autark.chip.os;
                            class Bad {
                                Object option = java.lang.foreign.Linker.Option.critical(true);
                            }
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .resideInAnyPackage("autark.text..", "autark.cli..")
                                    .should()
                                    .dependOnClassesThat(resideInAnyPackage("java.lang.foreign.."))
                                    .as("text and cli hold no native memory"),
                            """
                            package autark.cli;
                            class Bad { java.lang.foreign.MemorySegment memory; }
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .resideInAPackage("autark.text..")
                                    .should()
                                    .dependOnClassesThat(resideInAnyPackage("java.nio.file.."))
                                    .as("text reads no files"),
                            """
                            package autark.text.template;
                            class Bad { java.nio.file.Path path; }
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .resideInAnyPackage(
                                            "autark.model.arch..", "autark.model.layer..")
                                    .should()
                                    .dependOnClassesThat(
                                            resideInAnyPackage("java.util.concurrent.."))
                                    .orShould()
                                    .dependOnClassesThat(
                                            belongToAnyOf(
                                                    Thread.class, MemorySegment.class, Arena.class))
                                    .as(
                                            "architectures and layers are lists of operations on tensors"),
                            """
                            package autark.model.arch;
                            class Bad { void run() { Thread.onSpinWait(); } }
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .resideOutsideOfPackages(PULL, LISTEN)
                                    .and()
                                    .doNotHaveFullyQualifiedName(CONTROL)
                                    .should()
                                    .dependOnClassesThat(network())
                                    .as(
                                            "only cli.pull reaches the network, only the server listens"),
                            """
                            package autark.engine;
                            class Bad { java.net.http.HttpClient client; }
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .resideInAPackage(LISTEN)
                                    .should()
                                    .dependOnClassesThat(
                                            network().and(DescribedPredicate.not(listening())))
                                    .orShould()
                                    .accessTargetWhere(calls(Socket.class, "<init>", "connect"))
                                    .orShould()
                                    .accessTargetWhere(
                                            calls(InetAddress.class, "getByName", "getAllByName"))
                                    .orShould()
                                    .accessTargetWhere(securesNewSocket())
                                    .as("server.http takes connections in and makes none"),
                            """
                            package autark.server.http;
                            class Bad {
                                Object call() throws Exception { return new java.net.Socket("a", 1); }
                            }
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .resideOutsideOfPackage(PULL)
                                    .and()
                                    .doNotHaveFullyQualifiedName("autark.cli.Supervisor")
                                    .should()
                                    .dependOnClassesThat(belongToAnyOf(ProcessBuilder.class))
                                    .orShould()
                                    .accessTargetWhere(calls(Runtime.class, "exec"))
                                    .as(
                                            "only cli.pull starts processes, and the supervisor this program"),
                            """
                            package autark.cli;
                            class Bad { Object start() { return new ProcessBuilder("true"); } }
                            """),
                    new Rule(
                            noClasses()
                                    .should()
                                    .dependOnClassesThat(
                                            belongToAnyOf(
                                                    java.io.ObjectInputStream.class,
                                                    java.io.Externalizable.class))
                                    .orShould()
                                    .dependOnClassesThat(
                                            resideInAnyPackage(
                                                    "javax.script..",
                                                    "java.beans..",
                                                    "java.rmi..",
                                                    "javax.tools.."))
                                    .orShould()
                                    .accessTargetWhere(calls(Class.class, "forName", "newInstance"))
                                    .orShould()
                                    .accessTargetWhere(calls(ClassLoader.class, "loadClass"))
                                    .as(
                                            "data never becomes code: no object streams, scripts, classes by name"),
                            """
                            package autark.model.file;
                            class Bad {
                                Object load(String name) throws Exception { return Class.forName(name); }
                            }
                            """),
                    // Answers become records of the caller. Their classes come from the caller's
                    // code as class literals, never from data, so one class may look into them.
                    new Rule(
                            noClasses()
                                    .that()
                                    .doNotHaveFullyQualifiedName("autark.engine.typed.TypeReader")
                                    .should()
                                    .dependOnClassesThat(resideInAnyPackage("java.lang.reflect.."))
                                    .as(
                                            "only engine.typed.TypeReader reflects, on the caller's types"),
                            """
                            package autark.engine.typed;
                            class Bad {
                                Object make(Class<?> type) throws Exception {
                                    return type.getDeclaredConstructor().newInstance();
                                }
                            }
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .doNotHaveFullyQualifiedName("autark.cli.Interrupt")
                                    .should()
                                    .dependOnClassesThat(belongToAnyOf(MethodHandles.Lookup.class))
                                    .as("only cli.Interrupt looks up classes, by constant names"),
                            """
                            package autark.engine;
                            class Bad {
                                Object find(String name) throws Exception {
                                    return java.lang.invoke.MethodHandles.lookup().findClass(name);
                                }
                            }
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .resideInAnyPackage(
                                            "autark.text..", "autark.model..", "autark.engine..")
                                    .should()
                                    .accessTargetWhere(
                                            calls(System.class, "nanoTime", "currentTimeMillis"))
                                    .orShould()
                                    .accessTargetWhere(calls(Math.class, "random"))
                                    .orShould()
                                    .accessTargetWhere(readsClock())
                                    .orShould()
                                    .dependOnClassesThat(
                                            belongToAnyOf(
                                                    java.util.Random.class,
                                                    ThreadLocalRandom.class))
                                    .as("text, model and engine are given the clock and the dice"),
                            """
                            package autark.engine;
                            class Bad { Object now() { return java.time.Instant.now(); } }
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .resideInAnyPackage(
                                            "autark.text..", "autark.model..", "autark.engine..")
                                    .and()
                                    .resideOutsideOfPackage(SEAL)
                                    .should()
                                    .dependOnClassesThat(belongToAnyOf(SecureRandom.class))
                                    .as(
                                            "keys and salts are drawn in engine.seal; nobody can choose them"),
                            """
                            package autark.engine;
                            class Bad { java.security.SecureRandom dice; }
                            """),
                    new Rule(
                            noClasses()
                                    .that()
                                    .resideOutsideOfPackage(SEAL)
                                    .should()
                                    .dependOnClassesThat(resideInAnyPackage("javax.crypto.."))
                                    .as("only engine.seal encrypts"),
                            """
                            package autark.engine.disk;
                            class Bad { javax.crypto.Cipher cipher; }
                            """));

    private Gates() {}

    private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String... names) {
        Set<String> forbidden = Set.of(names);
        return describe(
                "calls " + owner.getSimpleName() + "." + String.join(", ", names),
                access ->
                        access.getTargetOwner().isEquivalentTo(owner)
                                && forbidden.contains(access.getTarget().getName()));
    }

    /// `now()` of a class of `java.time`; `now(Clock)` is handed the clock and is fine.
    private static DescribedPredicate<JavaAccess<?>> readsClock() {
        return describe(
                "calls now() of java.time",
                access ->
                        access.getTargetOwner().getPackageName().equals("java.time")
                                && access.getTarget().getFullName().endsWith(".now()"));
    }

    private static DescribedPredicate<JavaClass> network() {
        return resideInAnyPackage("java.net..", "javax.net..", "com.sun.net..")
                .and(
                        DescribedPredicate.not(
                                belongToAnyOf(
                                        InetAddress.class,
                                        InetSocketAddress.class,
                                        URI.class,
                                        URISyntaxException.class,
                                        URLEncoder.class,
                                        URLDecoder.class)))
                .or(
                        belongToAnyOf(
                                SocketChannel.class,
                                ServerSocketChannel.class,
                                DatagramChannel.class))
                .as("reach the network");
    }

    private static DescribedPredicate<JavaClass> listening() {
        return resideInAnyPackage("javax.net.ssl..")
                .or(
                        belongToAnyOf(
                                ServerSocket.class,
                                Socket.class,
                                SocketAddress.class,
                                SocketOption.class,
                                StandardSocketOptions.class))
                .as("take connections in");
    }

    /// `createSocket` of a factory of TLS connects, but where it is given a socket.
    private static DescribedPredicate<JavaAccess<?>> securesNewSocket() {
        return describe(
                "calls SSLSocketFactory.createSocket without a socket",
                access ->
                        access.getTarget().getName().equals("createSocket")
                                && !access.getTarget().getFullName().contains("(java.net.Socket,"));
    }
}
