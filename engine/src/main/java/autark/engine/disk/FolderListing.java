package autark.engine.disk;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Brings the index up to what is on disk. A tenant's folder is read again only if it was changed,
/// and a file is asked for its size only if it is new.
///
/// Whoever writes and whoever lists hold the same lock, so nothing appears in between that only
/// this process knows. What another process writes within the same tick of the file system's clock
/// is found with its next change.
final class FolderListing {
    /// How old a file that is being written must be before it is a leftover of a process that died.
    static final long LEFTOVER_MILLIS = 600_000;

    private final BlockFiles files;
    private final BlockIndex index;
    private final Map<String, FileTime> changes = new HashMap<>();

    FolderListing(BlockFiles files, BlockIndex index) {
        this.files = files;
        this.index = index;
    }

    /// The tenants' folders that are known.
    Set<String> folders() {
        return Set.copyOf(changes.keySet());
    }

    /// A folder that this process removed.
    void forget(String folder) {
        changes.remove(folder);
    }

    void refresh(long nowMillis) throws IOException {
        List<String> folders = files.folders();
        List<StoredBlock> found = new ArrayList<>();
        for (String folder : folders) {
            try {
                refresh(folder, nowMillis, found);
            } catch (IOException e) {
                // It is looked at again the next time.
            }
        }
        Set<String> gone = new HashSet<>(changes.keySet());
        folders.forEach(gone::remove);
        for (String folder : gone) {
            changes.remove(folder);
            forgetAbsent(folder, Set.of());
        }
        if (!found.isEmpty()) {
            index.addListed(found);
        }
    }

    private void refresh(String folder, long nowMillis, List<StoredBlock> found)
            throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = files.attributes(files.folder(folder));
        } catch (NoSuchFileException e) {
            return;
        }
        FileTime change = attributes.lastModifiedTime();
        if (!attributes.isDirectory() || change.equals(changes.get(folder))) {
            return;
        }
        Set<String> present = new HashSet<>();
        for (String name : files.files(folder)) {
            if (BlockFiles.isBlock(name)) {
                String block = BlockFiles.blockOf(name);
                present.add(block);
                addIfNew(folder, block, found);
            } else if (BlockFiles.isTemporary(name)) {
                removeIfLeft(folder, name, nowMillis);
            }
        }
        forgetAbsent(folder, present);
        changes.put(folder, change);
    }

    private void addIfNew(String folder, String block, List<StoredBlock> found) throws IOException {
        if (index.contains(block)) {
            return;
        }
        try {
            BasicFileAttributes attributes = files.attributes(files.block(folder, block));
            if (attributes.isRegularFile()) {
                long used = attributes.lastModifiedTime().toMillis();
                found.add(new StoredBlock(folder, block, attributes.size(), used, used));
            }
        } catch (NoSuchFileException e) {
            // Another process deleted it since it was listed.
        }
    }

    private void removeIfLeft(String folder, String name, long nowMillis) throws IOException {
        try {
            BasicFileAttributes attributes = files.attributes(files.folder(folder).resolve(name));
            long ageMillis = nowMillis - attributes.lastModifiedTime().toMillis();
            if (attributes.isRegularFile() && ageMillis > LEFTOVER_MILLIS) {
                files.delete(files.folder(folder).resolve(name));
            }
        } catch (NoSuchFileException e) {
            // It was complete and has its name now.
        }
    }

    private void forgetAbsent(String folder, Set<String> present) {
        for (StoredBlock known : index.ofFolder(folder)) {
            if (!present.contains(known.block())) {
                index.forget(known.block());
            }
        }
    }
}
