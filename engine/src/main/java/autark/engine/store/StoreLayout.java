package autark.engine.store;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// Where in the store each thing lies. This is the only place that makes paths inside the store,
/// and it makes them from checked names and digests alone:
///
/// ```
/// blobs/sha256-<hex>            a model file, mode 0400, complete and verified
/// names/<name>/<tag>.json       a manifest: which blob the name means
/// incoming/sha256-<hex>.part    the beginning of a file that is on its way
/// locks/...                     empty files that processes lock
/// ```
///
/// A symbolic link in the place of any of these is refused, so that nothing is read or written
/// outside the store. The root itself may be a link: where the store is, its owner decides.
record StoreLayout(Path root) {
    Path blobs() {
        return inside("blobs");
    }

    Path incoming() {
        return inside("incoming");
    }

    Path locks() {
        return inside("locks");
    }

    Path blob(Sha256 sha256) {
        return inside("blobs", "sha256-" + sha256.hex());
    }

    Path names() {
        return inside("names");
    }

    Path manifest(ModelName name) {
        return inside("names", name.name(), name.tag() + ".json");
    }

    /// A manifest that is being written; the store's lock makes it one at a time.
    Path newManifest() {
        return inside("incoming", "manifest.json");
    }

    Path part(Sha256 sha256) {
        return inside("incoming", "sha256-" + sha256.hex() + ".part");
    }

    Path blobLock(Sha256 sha256) {
        return inside("locks", "sha256-" + sha256.hex());
    }

    Path storeLock() {
        return inside("locks", "store");
    }

    private Path inside(String... components) {
        Path path = root;
        for (String component : components) {
            path = path.resolve(component);
            if (Files.isSymbolicLink(path)) {
                throw new StoreException(
                        "the model store is damaged: %s is a symbolic link; remove it"
                                .formatted(path));
            }
        }
        return path;
    }

    /// Whether a file of the store is there, as a plain file.
    static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }
}
