package autark.server.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Where the joules of an answer come from.
sealed interface Energy {
    /// Begins to measure.
    Reading begin();

    /// What the figures are: measured, or estimated and how.
    String source();

    /// From the beginning of an answer to its end.
    @FunctionalInterface
    interface Reading {
        /// Joules of the answer: the power of the machine while it was written, for the time that
        /// was computed for it alone.
        ///
        /// @param computed for this answer
        /// @param elapsed since the beginning
        double joules(Duration computed, Duration elapsed);
    }

    /// What the processor measures, where it does and we may read it; else the estimate.
    static Energy of(Path powercap, Estimate otherwise) {
        List<Rapl.Domain> domains = new ArrayList<>();
        try (DirectoryStream<Path> folders =
                Files.newDirectoryStream(powercap, "intel-rapl:[0-9]*")) {
            for (Path folder : folders) {
                boolean whole = folder.getFileName().toString().split(":", -1).length == 2;
                Path counter = folder.resolve("energy_uj");
                if (whole && Files.isReadable(counter)) {
                    long range = Rapl.number(folder.resolve("max_energy_range_uj"));
                    domains.add(new Rapl.Domain(counter, range));
                }
            }
        } catch (IOException e) {
            return otherwise; // no such machine, or not for us
        }
        return domains.isEmpty() ? otherwise : new Rapl(List.copyOf(domains));
    }

    /// The counters of the processor's packages.
    record Rapl(List<Domain> domains) implements Energy {
        private static final double MICRO = 1e-6;

        /// One package.
        ///
        /// @param range at which the counter begins again
        record Domain(Path counter, long range) {
            long since(long before) throws IOException {
                long now = number(counter);
                return now >= before ? now - before : now + range - before;
            }
        }

        @Override
        public String source() {
            return "measured by the processor (RAPL)";
        }

        @Override
        public Reading begin() {
            List<Long> before = new ArrayList<>();
            try {
                for (Domain domain : domains) {
                    before.add(number(domain.counter()));
                }
            } catch (IOException e) {
                return (computed, elapsed) -> 0; // the counters were there at the start
            }
            return (computed, elapsed) -> joules(before, computed, elapsed);
        }

        private double joules(List<Long> before, Duration computed, Duration elapsed) {
            if (!elapsed.isPositive()) {
                return 0;
            }
            try {
                long microjoules = 0;
                for (int i = 0; i < domains.size(); i++) {
                    microjoules += domains.get(i).since(before.get(i));
                }
                return microjoules * MICRO * computed.toNanos() / elapsed.toNanos();
            } catch (IOException e) {
                return 0; // as above
            }
        }

        static long number(Path file) throws IOException {
            try {
                return Long.parseLong(Files.readString(file, StandardCharsets.US_ASCII).strip());
            } catch (NumberFormatException e) {
                throw new IOException("%s: expected a number".formatted(file), e);
            }
        }
    }

    /// A power that is taken for granted.
    ///
    /// @param cores that compute
    record Estimate(double wattsPerCore, int cores) implements Energy {
        private static final double NANO = 1e-9;

        @Override
        public String source() {
            return "estimated: %s watts for each of %d cores".formatted(wattsPerCore, cores);
        }

        @Override
        public Reading begin() {
            return (computed, elapsed) -> computed.toNanos() * NANO * wattsPerCore * cores;
        }
    }
}
