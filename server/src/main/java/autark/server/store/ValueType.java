package autark.server.store;

import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/// How values lie on disk: their length, which must fit into the page, and their bytes.
final class ValueType extends BasicDataType<byte[]> {
    @Override
    public int getMemory(byte[] value) {
        return 24 + value.length;
    }

    @Override
    public void write(WriteBuffer target, byte[] value) {
        target.putVarInt(value.length).put(value);
    }

    @Override
    public byte[] read(ByteBuffer source) {
        return bytes(source);
    }

    @Override
    public byte[][] createStorage(int size) {
        return new byte[size][];
    }

    static byte[] bytes(ByteBuffer source) {
        int length = DataUtils.readVarInt(source);
        if (length < 0 || length > source.remaining()) {
            throw DataUtils.newMVStoreException(
                    DataUtils.ERROR_FILE_CORRUPT, "a length of {0} bytes has changed", length);
        }
        byte[] bytes = new byte[length];
        source.get(bytes);
        return bytes;
    }
}
