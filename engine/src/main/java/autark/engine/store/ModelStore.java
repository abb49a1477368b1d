package autark.engine.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The models on this machine: files by their SHA-256, and names that point to them. Several names
/// may mean the same file, which then exists once.
///
/// A file enters through [#receive] alone, which verifies its digest before anything looks inside,
/// and is never written again: it is read-only, and only ever renamed or deleted as a whole. So a
/// model that [#find] returns holds the bytes that its digest promises, as long as nobody but
/// Autark touches the folder; [#verify] checks even that.
///
/// Any number of processes may use one store at once. Each file on its way in has its own lock,
/// held for as long as that takes; one more lock is held for the moment in which names change.
/// [StoreLayout] says where things lie.
public final class ModelStore {
    private final StoreLayout layout;
    private final Disk disk;

    ModelStore(Path root, Disk disk) {
        this.layout = new StoreLayout(root);
        this.disk = disk;
    }

    /// The store in this folder, which is created when the first model comes in.
    public static ModelStore open(Path root) {
        return new ModelStore(root, new Disk(_ -> {}));
    }

    /// The folder that the environment names: `AUTARK_MODELS`, else `$XDG_DATA_HOME/autark/models`,
    /// else `~/.local/share/autark/models`.
    ///
    /// @throws StoreException if none of the three variables is set
    public static Path standardRoot(Map<String, String> environment) {
        String models = environment.getOrDefault("AUTARK_MODELS", "");
        if (!models.isEmpty()) {
            return Path.of(models).toAbsolutePath().normalize();
        }
        // The standard of these folders says that a relative one is to be ignored.
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        if (Path.of(data).isAbsolute()) {
            return Path.of(data, "autark", "models");
        }
        String home = environment.getOrDefault("HOME", "");
        if (home.isEmpty()) {
            throw new StoreException(
                    "no place for models: HOME is not set; set AUTARK_MODELS to a folder");
        }
        return Path.of(home, ".local", "share", "autark", "models").toAbsolutePath();
    }

    /// The folder of the store.
    public Path root() {
        return layout.root();
    }

    /// The model with this name, if it is here.
    ///
    /// @throws StoreException if its manifest or its file is damaged
    public Optional<StoredModel> find(ModelName name) {
        Path manifest = layout.manifest(name);
        if (!Files.exists(manifest, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        return Optional.of(read(manifest, name));
    }

    /// All models, by name.
    ///
    /// @param damage told of each name that cannot be read; the others are listed nevertheless
    public List<StoredModel> list(Consumer<StoreException> damage) {
        List<StoredModel> models = new ArrayList<>();
        for (ModelName name : names(damage)) {
            try {
                find(name).ifPresent(models::add);
            } catch (StoreException e) {
                damage.accept(e);
            }
        }
        return models;
    }

    /// Begins, or goes on, to take in the file with this digest, and waits while another process is
    /// at the same file.
    ///
    /// @param name what it will be called
    /// @param expectedBytes the size of the file
    /// @param onWait called once if there is another process
    /// @throws StoreException if the name means another file
    public Incoming receive(ModelName name, Sha256 expected, long expectedBytes, Runnable onWait) {
        present(name, expected);
        if (expectedBytes <= 0) {
            throw new StoreException("a model file of %d bytes".formatted(expectedBytes));
        }
        try {
            createFolders();
            StoreLock lock = StoreLock.acquire(disk, layout.blobLock(expected), onWait);
            try {
                return new Incoming(this, name, expected, expectedBytes, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /// Forgets a name, and deletes its file unless another name means it too.
    ///
    /// @return whether the name was there
    public boolean remove(ModelName name) {
        Path manifest = layout.manifest(name);
        if (!Files.exists(manifest, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (StoreLock _ = lockStore()) {
            Optional<StoredModel> removed = readIfWhole(manifest, name);
            disk.delete(manifest);
            disk.deleteIfEmpty(manifest.resolveSibling(""));
            List<StoreException> damaged = new ArrayList<>();
            List<StoredModel> others = list(damaged::add);
            // A damaged manifest might mean the file, so it stays.
            if (removed.isPresent() && damaged.isEmpty() && !isUsed(removed.get(), others)) {
                disk.delete(removed.get().file());
            }
            return true;
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /// Hashes the file of a model anew.
    ///
    /// @throws StoreException if its digest is not that of the manifest
    public void verify(StoredModel model) throws IOException {
        Sha256 found = Sha256.ofFile(model.file());
        if (!found.equals(model.sha256())) {
            throw damaged(model.file(), "it has SHA-256 " + found + ", expected " + model.sha256());
        }
    }

    StoreLayout layout() {
        return layout;
    }

    Disk disk() {
        return disk;
    }

    /// A step of the file on its way in that has to happen while no names change.
    interface Move {
        void run() throws IOException;
    }

    /// Writes the manifest of a model whose file `move` puts into its place.
    StoredModel commit(StoredModel model, Move move) {
        try (StoreLock _ = lockStore()) {
            Optional<StoredModel> present = present(model.name(), model.sha256());
            if (present.isPresent()) {
                return present.get();
            }
            move.run();
            if (!StoreLayout.isFile(model.file())) {
                throw new StoreException(
                        "another process removed %s from the model store; try again"
                                .formatted(model.file().getFileName()));
            }
            write(model);
            return model;
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    StoreException cannotWrite(IOException e) {
        return new StoreException(
                "cannot write to the model store %s: %s".formatted(root(), e.getMessage()), e);
    }

    /// The model that a name means now, which has to be this file or none. A damaged manifest
    /// counts as none.
    private Optional<StoredModel> present(ModelName name, Sha256 expected) {
        Optional<StoredModel> present = readIfWhole(layout.manifest(name), name);
        if (present.isPresent() && !present.get().sha256().equals(expected)) {
            throw new StoreException(
                    "the name %s means another file (SHA-256 %s); remove it or take another name"
                            .formatted(name, present.get().sha256()));
        }
        return present;
    }

    private void write(StoredModel model) throws IOException {
        Path manifest = layout.manifest(model.name());
        disk.createFolders(manifest.resolveSibling(""));
        Path draft = layout.newManifest();
        try (FileChannel file =
                disk.open(
                        draft,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            disk.write(file, ByteBuffer.wrap(Manifest.write(model)), 0);
            disk.force(file);
        }
        disk.rename(draft, manifest);
    }

    private StoredModel read(Path manifest, ModelName name) {
        try (InputStream in = Files.newInputStream(manifest, LinkOption.NOFOLLOW_LINKS)) {
            StoredModel model = Manifest.read(in.readNBytes(Manifest.BYTES_LIMIT), name, layout);
            if (!StoreLayout.isFile(model.file()) || Files.size(model.file()) != model.bytes()) {
                throw new StoreException(
                        "its file %s is missing or has not %d bytes"
                                .formatted(model.file(), model.bytes()));
            }
            return model;
        } catch (IOException | StoreException e) {
            throw damaged(manifest, String.valueOf(e.getMessage()));
        }
    }

    private Optional<StoredModel> readIfWhole(Path manifest, ModelName name) {
        try {
            return StoreLayout.isFile(manifest)
                    ? Optional.of(read(manifest, name))
                    : Optional.empty();
        } catch (StoreException e) {
            return Optional.empty();
        }
    }

    private static StoreException damaged(Path file, String reason) {
        return new StoreException(
                "the model store is damaged at %s: %s; remove the model and get it again"
                        .formatted(file, reason));
    }

    private List<ModelName> names(Consumer<StoreException> damage) {
        List<ModelName> names = new ArrayList<>();
        if (!Files.isDirectory(layout.names())) {
            return names;
        }
        for (Path folder : children(layout.names())) {
            for (Path manifest : children(folder)) {
                String tag = manifest.getFileName().toString();
                try {
                    names.add(
                            new ModelName(
                                    folder.getFileName().toString(),
                                    tag.endsWith(".json")
                                            ? tag.substring(0, tag.length() - ".json".length())
                                            : ""));
                } catch (StoreException e) {
                    damage.accept(damaged(manifest, String.valueOf(e.getMessage())));
                }
            }
        }
        names.sort(null);
        return names;
    }

    private List<Path> children(Path folder) {
        List<Path> children = new ArrayList<>();
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return children;
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(children::add);
        } catch (IOException e) {
            throw new StoreException("cannot read the model store " + folder, e);
        }
        return children;
    }

    private static boolean isUsed(StoredModel model, List<StoredModel> others) {
        return others.stream().anyMatch(other -> other.sha256().equals(model.sha256()));
    }

    private StoreLock lockStore() throws IOException {
        createFolders();
        return StoreLock.acquire(disk, layout.storeLock(), () -> {});
    }

    private void createFolders() throws IOException {
        disk.createFolders(layout.blobs());
        disk.createFolders(layout.incoming());
        disk.createFolders(layout.locks());
    }
}
