package autark.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Lets the first, the second, the third ... operation on the disk fail, until a run needs no more
/// of them, and looks at what is left each time.
@Timeout(60)
final class StoreFaultTest {
    private static final ModelName NAME = ModelName.parse("sample");
    private static final int OPERATION_LIMIT = 100;

    @TempDir private Path folder;

    @Test
    void aFailedAddLeavesNothingHalf() {
        int operation = 0;
        boolean done = false;
        while (!done) {
            assertThat(operation).isLessThan(OPERATION_LIMIT);
            Path root = folder.resolve("add" + operation);
            done = succeeds(root, operation, StoreFaultTest::addInTwoPieces);
            ModelStore store = ModelStore.open(root);
            if (!done) {
                assertThat(listWhole(store)).as("operation %d", operation).isEmpty();
                assertThat(root.resolve("names/sample/latest.json")).doesNotExist();
                SampleFile.addTo(store, "sample");
            }
            assertThat(listWhole(store)).hasSize(1);
            operation++;
        }
        assertThat(operation).isGreaterThan(10);
    }

    @Test
    void aFailedRemoveLeavesTheModelOrNothing() throws IOException {
        int operation = 0;
        boolean done = false;
        while (!done) {
            assertThat(operation).isLessThan(OPERATION_LIMIT);
            Path root = folder.resolve("remove" + operation);
            ModelStore store = ModelStore.open(root);
            SampleFile.addTo(store, "sample");
            done = succeeds(root, operation, faulty -> faulty.remove(NAME));
            for (StoredModel model : listWhole(store)) {
                store.verify(model);
            }
            store.remove(NAME);
            assertThat(listWhole(store)).isEmpty();
            operation++;
        }
        assertThat(folder.resolve("remove" + (operation - 1)).resolve("blobs")).isEmptyDirectory();
    }

    private static void addInTwoPieces(ModelStore store) {
        ByteBuffer content = ByteBuffer.wrap(SampleFile.content());
        try (Incoming incoming =
                store.receive(NAME, SampleFile.SHA256, SampleFile.BYTES, () -> {})) {
            incoming.write(content.slice(0, 100));
            incoming.write(content.slice(100, 900));
            incoming.verify();
            incoming.commit(SampleFile.ORIGIN, SampleFile.ADDED);
        }
    }

    private interface Action {
        void on(ModelStore store);
    }

    /// Whether the action succeeds although its operation number `faultyOperation` fails, which can
    /// only be if there is none.
    private static boolean succeeds(Path root, int faultyOperation, Action action) {
        int[] operation = {0};
        Disk disk =
                new Disk(name -> {
                    if (operation[0]++ == faultyOperation) {
                        throw new IOException("No space left on device (" + name + ")");
                    }
                });
        try {
            action.on(new ModelStore(root, disk));
            return true;
        } catch (StoreException e) {
            assertThat(e).hasMessageContaining("No space left on device");
            return false;
        }
    }

    private static List<StoredModel> listWhole(ModelStore store) {
        List<StoreException> damages = new ArrayList<>();
        List<StoredModel> models = store.list(damages::add);
        assertThat(damages).isEmpty();
        return models;
    }
}
