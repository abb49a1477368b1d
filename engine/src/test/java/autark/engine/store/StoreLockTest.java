package autark.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two that take in the same file do not meet.
@Timeout(60)
final class StoreLockTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path folder;

    @Test
    void theSecondThreadWaitsAndThenFindsTheFile() throws Exception {
        ModelStore store = ModelStore.open(folder);
        CountDownLatch waiting = new CountDownLatch(1);
        CompletableFuture<Boolean> foundComplete;
        try (Incoming first = receive(store, () -> {})) {
            foundComplete =
                    CompletableFuture.supplyAsync(() -> {
                        try (Incoming second = receive(store, waiting::countDown)) {
                            return second.complete();
                        }
                    });
            assertThat(waiting.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            first.write(ByteBuffer.wrap(SampleFile.content()));
            first.verify();
            first.commit(SampleFile.ORIGIN, SampleFile.ADDED);
        }
        assertThat(foundComplete.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anotherProcessWaitsAndThenFindsTheFile() throws Exception {
        ModelStore store = ModelStore.open(folder);
        Process other;
        try (Incoming first = receive(store, () -> {})) {
            other = startOther();
            assertThat(other.inputReader().readLine()).isEqualTo("waiting");
            first.write(ByteBuffer.wrap(SampleFile.content()));
            first.verify();
            first.commit(SampleFile.ORIGIN, SampleFile.ADDED);
        }
        assertThat(other.inputReader().readLine()).isEqualTo("complete true");
        assertThat(other.waitFor(LIMIT)).isTrue();
        assertThat(other.exitValue()).isZero();
    }

    /// The other process.
    static final class Other {
        private Other() {}

        public static void main(String[] arguments) {
            ModelStore store = ModelStore.open(Path.of(arguments[0]));
            try (Incoming incoming = receive(store, () -> IO.println("waiting"))) {
                IO.println("complete " + incoming.complete());
            }
        }
    }

    private static Incoming receive(ModelStore store, Runnable onWait) {
        return store.receive(
                ModelName.parse("sample"), SampleFile.SHA256, SampleFile.BYTES, onWait);
    }

    private Process startOther() throws IOException {
        String classes =
                Stream.of("java.class.path", "jdk.module.path")
                        .map(System::getProperty)
                        .filter(path -> path != null && !path.isEmpty())
                        .collect(Collectors.joining(File.pathSeparator));
        String patched = Path.of("target", "test-classes").toAbsolutePath().toString();
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes + File.pathSeparator + patched,
                        Other.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
