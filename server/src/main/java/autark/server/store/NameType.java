package autark.server.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/// How names lie on disk: with a checksum, so that a damaged name is no other name. Values need
/// none, they are sealed.
final class NameType extends BasicDataType<String> {
    @Override
    public int compare(String a, String b) {
        return a.compareTo(b);
    }

    @Override
    public int getMemory(String name) {
        return 48 + name.length();
    }

    @Override
    public void write(WriteBuffer target, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        target.putVarInt(bytes.length).put(bytes).putInt(checksum(bytes));
    }

    @Override
    public String read(ByteBuffer source) {
        byte[] bytes = ValueType.bytes(source);
        if (source.remaining() < Integer.BYTES || source.getInt() != checksum(bytes)) {
            throw DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, "a name has changed");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public String[] createStorage(int size) {
        return new String[size];
    }

    private static int checksum(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return (int) sum.getValue();
    }
}
