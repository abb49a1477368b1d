package autark.checks.program;

import static org.assertj.core.api.Assertions.assertThat;

import autark.checks.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How the scripts of the root folder find a JDK.
class FindJdkTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "25.0.3, true",
        "25.0.10, true",
        "25.0.3.0.101, true",
        "25.1, true",
        "26, true",
        "26-ea, true",
        "100.0.1, true",
        "25, false",
        "25.0.2, false",
        "25.0.2.9, false",
        "24.0.9, false",
        "9.9.9, false",
        "1.8.0_452, false",
    })
    void aVersionIsOldOrNot(String version, boolean good) throws IOException {
        Path jdk = jdk("a jdk", version);
        assertThat(find(Map.of("AUTARK_JAVA_HOME", jdk.toString())).exitCode() == 0)
                .isEqualTo(good);
    }

    @Test
    void theFirstGoodOneIsTaken() throws IOException {
        Path old = jdk("old", "21.0.8");
        Path good = jdk("good", "25.0.3");
        Path named = jdk("named", "25.0.4");
        Files.createSymbolicLink(folder.resolve("java"), good.resolve("bin/java"));

        assertThat(found("", "")).isEqualTo(good.toString());
        assertThat(found("", old.toString())).isEqualTo(good.toString());
        assertThat(found("", named.toString())).isEqualTo(named.toString());
        assertThat(found(good.toString(), named.toString())).isEqualTo(good.toString());
    }

    @Test
    void aNamedOneHasToBeGood() throws IOException {
        Path runtimeOnly = jdk("jre", "25.0.3");
        Files.delete(runtimeOnly.resolve("bin/javac"));

        for (Path home : List.of(runtimeOnly, folder.resolve("nowhere"))) {
            Program.Result result = find(Map.of("AUTARK_JAVA_HOME", home.toString()));
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.error())
                    .isEqualTo(
                            "autark: AUTARK_JAVA_HOME=%s is no JDK 25.0.3 or newer%n"
                                    .formatted(home));
        }
    }

    /// A folder that looks like a JDK.
    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectory(folder.resolve(name));
        Path programs = Files.createDirectory(home.resolve("bin"));
        for (String program : List.of("java", "javac")) {
            Files.setPosixFilePermissions(
                    Files.createFile(programs.resolve(program)),
                    PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Nobody\"%nJAVA_VERSION=\"%s\"%nOS_ARCH=\"x86_64\"%n"
                        .formatted(version));
        return home;
    }

    /// The JDK that is found where PATH leads to the good one.
    private String found(String autarkJavaHome, String javaHome) {
        return find(Map.of(
                        "PATH", folder + ":/usr/bin:/bin",
                        "AUTARK_JAVA_HOME", autarkJavaHome,
                        "JAVA_HOME", javaHome))
                .mustSucceed()
                .text()
                .strip();
    }

    private Program.Result find(Map<String, String> environment) {
        String script = ". '%s/bin/find-jdk'; find_jdk".formatted(Repository.root());
        return new Program(folder, List.of("/bin/sh", "-c", script), environment, new byte[0])
                .run();
    }
}
