package autark.engine.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// A small file that stands for a model: to the store, all files are alike.
final class SampleFile {
    static final int BYTES = 1000;
    static final Sha256 SHA256 = digest(content());
    static final Origin ORIGIN = new Origin("test:sample", "apache-2.0");
    static final Instant ADDED = Instant.parse("2026-11-24T10:15:30Z");

    private SampleFile() {}

    static byte[] content() {
        return "0123456789".repeat(BYTES / 10).getBytes(StandardCharsets.US_ASCII);
    }

    static Sha256 digest(byte[] bytes) {
        return Sha256.ofDigest(Hashing.newDigest().digest(bytes));
    }

    static StoredModel addTo(ModelStore store, String name) {
        return add(store, name, content());
    }

    static StoredModel add(ModelStore store, String name, byte[] content) {
        try (Incoming incoming =
                store.receive(ModelName.parse(name), digest(content), content.length, () -> {})) {
            if (!incoming.complete()) {
                incoming.restart();
                incoming.write(ByteBuffer.wrap(content));
                incoming.verify();
            }
            return incoming.commit(ORIGIN, ADDED);
        }
    }
}
