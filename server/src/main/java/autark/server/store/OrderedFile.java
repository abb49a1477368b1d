package autark.server.store;

import java.nio.ByteBuffer;
import java.util.Map;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;
import org.jspecify.annotations.Nullable;

/// The file of the store, whose chunks are on the medium when they are written.
///
/// MVStore writes each commit as a chunk, and takes a chunk for whole if it finds its header and
/// its footer; it looks at nothing between. If the power fails while a chunk is written the medium
/// may keep both and lose what is between. So the last sector, which holds the footer, is written
/// when all before it is on the medium: where there is a footer, there is a chunk.
final class OrderedFile extends SingleFileStore {
    /// What a medium writes whole or not at all. The footer has 128 bytes.
    private static final int SECTOR_BYTES = 512;

    OrderedFile(Map<String, Object> settings) {
        super(settings);
    }

    @Override
    protected void writeFully(@Nullable SFChunk chunk, long position, ByteBuffer source) {
        if (chunk == null) {
            super.writeFully(chunk, position, source); // the header of the file
            return;
        }
        int before = source.remaining() - SECTOR_BYTES;
        super.writeFully(chunk, position, source.slice(source.position(), before));
        sync();
        source.position(source.position() + before);
        super.writeFully(chunk, position + before, source);
        sync();
    }
}
