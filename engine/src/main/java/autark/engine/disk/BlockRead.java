package autark.engine.disk;

import java.nio.ByteBuffer;
import java.util.List;

/// A block that is wanted.
///
/// @param tokens the tokens that the block must have been made from
/// @param parts memory to fill, each from its position to its limit; it must be accessible from any
///   thread
@SuppressWarnings("ArrayRecordComponent") // a request, compared with no other
public record BlockRead(BlockName name, int[] tokens, List<ByteBuffer> parts) {}
