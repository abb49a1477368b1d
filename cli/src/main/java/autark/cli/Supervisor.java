package autark.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.ExitCode;

/// Runs the server in a process of its own and starts it anew when it dies.
///
/// What ends with 0 was told to end, and what ends with 2 was started in a wrong way: both stay
/// ended. All else is started again, soon if it had run for a while; if it dies at once, then after
/// a pause that doubles each time. Signals go on to the worker. The worker watches this process and
/// ends when it is gone.
final class Supervisor {
    static final String SUPERVISE = "--supervise";

    /// The option that a worker gets in the place of [#SUPERVISE].
    static final String SUPERVISED = "--supervised";

    static final Duration PAUSE_MIN = Duration.ofMillis(50);
    static final Duration PAUSE_MAX = Duration.ofSeconds(30);

    /// A worker that has run for so long did not die of how it was started.
    static final Duration LONG = Duration.ofSeconds(60);

    /// A worker that is told to end may take so long.
    private static final Duration END_MAX = Duration.ofSeconds(15);

    private final Workers workers;
    private final Rest rest;
    private final InstantSource clock;
    private final PrintWriter notes;
    private final CountDownLatch told = new CountDownLatch(1);
    private final AtomicReference<Optional<Worker>> current =
            new AtomicReference<>(Optional.empty());

    /// Starts workers.
    @FunctionalInterface
    interface Workers {
        Worker start();
    }

    /// A process that serves.
    interface Worker {
        /// Waits for its end.
        ///
        /// @return its exit code
        int await() throws InterruptedException;

        /// Tells it to end, and ends it if it does not.
        void end();
    }

    /// Waits between two workers.
    @FunctionalInterface
    interface Rest {
        /// @return whether the supervisor was told to end meanwhile
        boolean until(CountDownLatch told, Duration time) throws InterruptedException;
    }

    Supervisor(Workers workers, Rest rest, InstantSource clock, PrintWriter notes) {
        this.workers = workers;
        this.rest = rest;
        this.clock = clock;
        this.notes = notes;
    }

    /// Of workers that are started as this process was, but for [#SUPERVISE].
    static Supervisor ofThisProcess(PrintWriter notes) {
        ProcessHandle.Info info = ProcessHandle.current().info();
        List<String> command = new ArrayList<>();
        command.add(info.command().orElseThrow(Supervisor::unknown));
        for (String argument : info.arguments().orElseThrow(Supervisor::unknown)) {
            command.add(argument.equals(SUPERVISE) ? SUPERVISED : argument);
        }
        return new Supervisor(
                () -> start(command),
                (told, time) -> told.await(time.toMillis(), TimeUnit.MILLISECONDS),
                InstantSource.system(),
                notes);
    }

    private static CommandException unknown() {
        return new CommandException(
                SUPERVISE + ": this system does not tell how the program was started");
    }

    private static Worker start(List<String> command) {
        Process process;
        try {
            process = new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            throw new CommandException("the server cannot be started: " + e.getMessage());
        }
        return new Worker() {
            @Override
            public int await() throws InterruptedException {
                return process.waitFor();
            }

            @Override
            public void end() {
                process.destroy();
                process.onExit()
                        .orTimeout(END_MAX.toSeconds(), TimeUnit.SECONDS)
                        .exceptionally(_ -> {
                            process.destroyForcibly();
                            return process;
                        });
            }
        };
    }

    /// Keeps a worker running until a signal comes or one ends for good.
    ///
    /// @return the exit code of the last one
    int run() throws InterruptedException {
        try (Interrupt _ = Interrupt.calls(this::end);
                Interrupt _ = Interrupt.calls("TERM", this::end)) {
            Duration pause = PAUSE_MIN;
            while (true) {
                Instant begin = clock.instant();
                int exitCode = work();
                Duration ran = Duration.between(begin, clock.instant());
                if (isTold() || exitCode == ExitCode.OK || exitCode == ExitCode.USAGE) {
                    return exitCode;
                }
                pause = ran.compareTo(LONG) >= 0 ? PAUSE_MIN : pause;
                notes.printf(
                        "autark: the server died with exit code %d after %d s; again in %d ms%n",
                        exitCode, ran.toSeconds(), pause.toMillis());
                notes.flush();
                if (rest.until(told, pause)) {
                    return exitCode;
                }
                Duration twice = pause.multipliedBy(2);
                pause = twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
            }
        }
    }

    /// Has one worker run to its end.
    private int work() throws InterruptedException {
        Worker worker = workers.start();
        current.set(Optional.of(worker));
        if (isTold()) {
            worker.end(); // it was told between two workers
        }
        try {
            return worker.await();
        } finally {
            current.set(Optional.empty());
        }
    }

    private boolean isTold() {
        return told.getCount() == 0;
    }

    /// Has the worker end, and no other start.
    void end() {
        told.countDown();
        current.get().ifPresent(Worker::end);
    }
}
