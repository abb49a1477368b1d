package autark.chip.kernel;

import autark.chip.kernel.ElfFile.Access;
import autark.chip.kernel.ElfFile.Segment;
import autark.chip.kernel.GuardedMemory.Side;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Runs AArch64 kernels on any machine: a program file made of the kernels, their operands and
/// [Arm64Startup], run by an emulator of user programs.
///
/// A kernel takes up to six 64-bit integers and returns nothing. Addresses are known as soon as a
/// buffer is added, so that arguments and contents of later buffers may hold them. Each buffer lies
/// flush against memory that is not mapped, on the side that is asked for; on the other side there
/// may be a rest of its page, whose bytes are checked after the run if the buffer is an output.
/// Inputs cannot be written.
///
/// A run fails with an `AssertionError` that says which call touched what, or which register it did
/// not keep.
final class Arm64Program {
    private static final long CODE = 0x40_0000;
    private static final long TABLES = 0x800_0000;
    private static final long STATE = 0xC00_0000;
    private static final long BUFFERS = 0x1000_0000;

    private static final long CALLS = TABLES + Long.BYTES;
    private static final int GUARD_BYTES = 1 << 16;
    private static final int ARGUMENTS_MAX = 6;
    private static final int KERNEL_ALIGNMENT = 64;
    private static final int RESULT_ALIGNMENT = 64;
    private static final byte REST_VALUE = (byte) 0xA5;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String EMULATOR = "qemu-aarch64";
    private static final String EMULATOR_PACKAGE = "qemu-user";

    /// Code in the program.
    record Kernel(String name, long address) {}

    /// Memory in the program.
    record Buffer(String name, long address, int bytes) {}

    /// What the outputs hold after a run.
    record Outputs(Map<Buffer, MemorySegment> contents) {
        MemorySegment of(Buffer output) {
            MemorySegment content = contents.get(output);
            if (content == null) {
                throw new IllegalArgumentException(
                        "found buffer %s, expected an output".formatted(output.name()));
            }
            return content;
        }
    }

    /// A buffer and the pages that it lies in.
    private record Placed(Buffer buffer, Segment segment) {
        int offset() {
            return (int) (buffer.address() - segment.address());
        }
    }

    /// A kernel and its arguments.
    private record Call(Kernel kernel, long[] arguments) {}

    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private final List<Placed> buffers = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private long nextBuffer = BUFFERS;

    Arm64Program() {
        code.writeBytes(new Arm64Startup(CALLS, TABLES, STATE).emit());
    }

    /// Adds code to be called.
    Kernel kernel(String name, byte[] machineCode) {
        while (code.size() % KERNEL_ALIGNMENT != 0) {
            code.write(0);
        }
        Kernel kernel = new Kernel(name, CODE + code.size());
        code.writeBytes(machineCode);
        return kernel;
    }

    /// Adds a buffer that can be read only.
    ///
    /// @param side where memory that is not mapped begins
    Buffer input(String name, MemorySegment content, Side side) {
        return place(name, content, side, Access.READ);
    }

    /// Adds a buffer that can be read and written, and comes back from [#run].
    ///
    /// @param content before the first call
    /// @param side where memory that is not mapped begins
    Buffer output(String name, MemorySegment content, Side side) {
        return place(name, content, side, Access.WRITE);
    }

    private Buffer place(String name, MemorySegment content, Side side, Access access) {
        int bytes = Math.toIntExact(content.byteSize());
        if (bytes == 0) {
            throw new IllegalArgumentException("found no bytes in buffer " + name);
        }
        byte[] pages = new byte[ElfFile.pages(bytes)];
        Arrays.fill(pages, REST_VALUE);
        int offset =
                switch (side) {
                    case BEFORE -> 0;
                    case BEHIND -> pages.length - bytes;
                };
        MemorySegment.ofArray(pages).asSlice(offset, bytes).copyFrom(content);
        Buffer buffer = new Buffer(name, nextBuffer + offset, bytes);
        buffers.add(new Placed(buffer, new Segment(nextBuffer, access, pages)));
        nextBuffer += pages.length + GUARD_BYTES;
        return buffer;
    }

    /// Calls a kernel after the calls so far.
    void call(Kernel kernel, long... arguments) {
        if (arguments.length > ARGUMENTS_MAX) {
            throw new IllegalArgumentException(
                    "found %d arguments, expected at most %d"
                            .formatted(arguments.length, ARGUMENTS_MAX));
        }
        calls.add(new Call(kernel, arguments.clone()));
    }

    /// Runs all calls and returns the contents of the outputs.
    Outputs run() {
        return run(LIMIT);
    }

    Outputs run(Duration limit) {
        try {
            Path folder = Files.createTempDirectory("arm64");
            try {
                return run(folder, limit);
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private Outputs run(Path folder, Duration limit) throws IOException {
        Path program = folder.resolve("program");
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        Files.write(program, file().toBytes());
        if (!program.toFile().setExecutable(true)) {
            throw new IOException("cannot make %s executable".formatted(program));
        }
        Process process =
                start(
                        new ProcessBuilder(EMULATOR, "-cpu", "max", program.toString())
                                .directory(folder.toFile())
                                .redirectOutput(output.toFile())
                                .redirectError(errors.toFile()));
        int status = await(process, limit);
        if (status != 0) {
            throw new AssertionError(failure(status, Files.readAllBytes(errors)));
        }
        return outputs(Files.readAllBytes(output));
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AssertionError(
                    "found no program %s; install the package %s"
                            .formatted(EMULATOR, EMULATOR_PACKAGE),
                    e);
        }
    }

    private static int await(Process process, Duration limit) throws IOException {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
            throw new AssertionError("the kernels did not end within " + limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while kernels run", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private ElfFile file() {
        List<Segment> segments = new ArrayList<>();
        segments.add(new Segment(CODE, Access.EXECUTE, code.toByteArray()));
        segments.add(new Segment(TABLES, Access.READ, tables()));
        segments.add(new Segment(STATE, Access.WRITE, new byte[Arm64Startup.STATE_BYTES]));
        buffers.forEach(placed -> segments.add(placed.segment()));
        return new ElfFile(CODE, segments);
    }

    private List<Placed> outputs() {
        return buffers.stream().filter(b -> b.segment().access() == Access.WRITE).toList();
    }

    private byte[] tables() {
        int callBytes = (calls.size() + 1) * Arm64Startup.CALL_BYTES;
        List<Placed> outputs = outputs();
        int outputBytes = (outputs.size() + 1) * 2 * Long.BYTES;
        ByteBuffer tables =
                ByteBuffer.allocate(Long.BYTES + callBytes + outputBytes)
                        .order(ByteOrder.LITTLE_ENDIAN);
        tables.putLong(CALLS + callBytes);
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            tables.position(Long.BYTES + i * Arm64Startup.CALL_BYTES);
            tables.putLong(call.kernel().address());
            for (long argument : call.arguments()) {
                tables.putLong(argument);
            }
        }
        tables.position(Long.BYTES + callBytes);
        for (Placed placed : outputs) {
            tables.putLong(placed.segment().address());
            tables.putLong(placed.segment().content().length);
        }
        return tables.array();
    }

    private Outputs outputs(byte[] written) {
        Map<Buffer, MemorySegment> contents = new HashMap<>();
        int start = 0;
        for (Placed placed : outputs()) {
            int end = start + placed.segment().content().length;
            byte[] pages = Arrays.copyOfRange(written, start, end);
            checkRest(placed, pages);
            Buffer buffer = placed.buffer();
            MemorySegment content = Arena.ofAuto().allocate(buffer.bytes(), RESULT_ALIGNMENT);
            MemorySegment.copy(
                    pages, placed.offset(), content, ValueLayout.JAVA_BYTE, 0, buffer.bytes());
            contents.put(buffer, content);
            start = end;
        }
        if (start != written.length) {
            throw new AssertionError(
                    "found %d bytes of output, expected %d".formatted(written.length, start));
        }
        return new Outputs(contents);
    }

    private static void checkRest(Placed placed, byte[] pages) {
        Buffer buffer = placed.buffer();
        for (int i = 0; i < pages.length; i++) {
            boolean inside = i >= placed.offset() && i < placed.offset() + buffer.bytes();
            if (!inside && pages[i] != REST_VALUE) {
                long address = placed.segment().address() + i;
                throw new AssertionError("a kernel wrote " + place(buffer, address));
            }
        }
    }

    private String failure(int status, byte[] errors) {
        if (status == Arm64Startup.REPORTED && errors.length == Arm64Startup.REPORT_BYTES) {
            return failure(ByteBuffer.wrap(errors).order(ByteOrder.LITTLE_ENDIAN));
        }
        String cause = status == Arm64Startup.OUTPUT_LOST ? "output was lost" : "a kernel";
        return "%s: %s ended with status %d: %s"
                .formatted(
                        cause,
                        EMULATOR,
                        status,
                        new String(errors, StandardCharsets.UTF_8).strip());
    }

    private String failure(ByteBuffer report) {
        int kind = (int) report.getLong();
        int index = (int) ((report.getLong() - CALLS) / Arm64Startup.CALL_BYTES);
        long value = report.getLong();
        long instruction = report.getLong();
        String call = "call " + index;
        if (index < calls.size()) {
            Kernel kernel = calls.get(index).kernel();
            call = "call %d, of %s".formatted(index, kernel.name());
            instruction -= kernel.address();
        }
        String where = ", in byte %d of its code".formatted(instruction);
        return call
                + switch (kind) {
                    case Arm64Startup.SIGILL -> ": SIGILL, an unknown instruction" + where;
                    case Arm64Startup.SIGBUS -> ": SIGBUS at " + nearest(value) + where;
                    case Arm64Startup.SIGSEGV -> ": SIGSEGV at " + nearest(value) + where;
                    default -> ": did not keep %s, found %#x".formatted(register(kind), value);
                };
    }

    private static String register(int kind) {
        if (kind == Arm64Startup.KIND_STACK) {
            return "sp";
        }
        return kind < Arm64Startup.KIND_VECTOR
                ? "x" + (kind - Arm64Startup.KIND_GENERAL)
                : "d" + (kind - Arm64Startup.KIND_VECTOR);
    }

    /// An address, seen from the buffer that it is nearest to.
    private String nearest(long address) {
        return buffers.stream()
                .map(Placed::buffer)
                .filter(b -> distance(b, address) < GUARD_BYTES)
                .min(Comparator.comparingLong(b -> distance(b, address)))
                .map(buffer -> place(buffer, address))
                .orElse("%#x".formatted(address));
    }

    private static long distance(Buffer buffer, long address) {
        long last = buffer.address() + buffer.bytes() - 1;
        return Math.max(0, Math.max(buffer.address() - address, address - last));
    }

    private static String place(Buffer buffer, long address) {
        long offset = address - buffer.address();
        return "byte %d of %s, which has %d".formatted(offset, buffer.name(), buffer.bytes());
    }
}
