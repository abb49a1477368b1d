package autark.chip.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// A program file for Linux on AArch64: static, at fixed addresses, with nothing but segments. What
/// lies between the segments is not mapped.
///
/// @param segments in the order of their addresses, none sharing a page with another
record ElfFile(long entry, List<Segment> segments) {
    static final int PAGE_BYTES = 4096;

    private static final int HEADER_BYTES = 64;
    private static final int SEGMENT_HEADER_BYTES = 56;
    private static final short TYPE_EXECUTABLE = 2;
    private static final short MACHINE_AARCH64 = 183;
    private static final int LOADED = 1;

    /// What a program may do with a segment.
    enum Access {
        EXECUTE(5),
        READ(4),
        WRITE(6);

        private final int flags;

        Access(int flags) {
            this.flags = flags;
        }
    }

    /// Bytes from the start of a page on.
    record Segment(long address, Access access, byte[] content) {
        Segment {
            assert address % PAGE_BYTES == 0;
        }
    }

    ElfFile {
        segments = List.copyOf(segments);
        long end = 0;
        for (Segment segment : segments) {
            assert segment.address() >= end;
            end = segment.address() + pages(segment.content().length);
        }
    }

    byte[] toBytes() {
        int headers = HEADER_BYTES + SEGMENT_HEADER_BYTES * segments.size();
        int size = pages(headers);
        for (Segment segment : segments) {
            size = Math.addExact(size, pages(segment.content().length));
        }
        ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        putHeader(file);
        int offset = pages(headers);
        for (Segment segment : segments) {
            putSegmentHeader(file, segment, offset);
            file.put(offset, segment.content());
            offset += pages(segment.content().length);
        }
        return file.array();
    }

    private void putHeader(ByteBuffer file) {
        file.put(new byte[] {0x7F, 'E', 'L', 'F'});
        file.put(new byte[] {2, 1, 1}); // 64 bits, little endian, version 1
        file.position(16);
        file.putShort(TYPE_EXECUTABLE);
        file.putShort(MACHINE_AARCH64);
        file.putInt(1); // version
        file.putLong(entry);
        file.putLong(HEADER_BYTES); // where the segment headers are
        file.putLong(0); // no sections
        file.putInt(0); // no flags
        file.putShort((short) HEADER_BYTES);
        file.putShort((short) SEGMENT_HEADER_BYTES);
        file.putShort((short) segments.size());
        file.position(HEADER_BYTES);
    }

    private static void putSegmentHeader(ByteBuffer file, Segment segment, int offset) {
        int bytes = segment.content().length;
        file.putInt(LOADED);
        file.putInt(segment.access().flags);
        file.putLong(offset);
        file.putLong(segment.address());
        file.putLong(segment.address()); // as a physical address
        file.putLong(bytes); // in the file
        file.putLong(bytes); // in memory
        file.putLong(PAGE_BYTES);
    }

    /// So many bytes in whole pages.
    static int pages(int bytes) {
        return Math.multiplyExact(Math.ceilDiv(bytes, PAGE_BYTES), PAGE_BYTES);
    }
}
