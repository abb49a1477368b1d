package autark.engine.disk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The blocks on disk, as far as this process knows, the one that was not used for longest first.
/// Nothing here waits for the disk.
final class BlockIndex {
    /// Most blocks that are kept.
    static final int BLOCKS_MAX = BlockFiles.LISTED_MAX;

    private final LinkedHashMap<String, StoredBlock> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    synchronized boolean contains(String block) {
        return blocks.containsKey(block);
    }

    /// The block, which is now the one that was used last.
    synchronized Optional<StoredBlock> use(String block, long millis) {
        return Optional.ofNullable(blocks.computeIfPresent(block, (name, b) -> b.used(millis)));
    }

    /// Whether its file should be touched: the last time was so long ago, and nobody else does it.
    synchronized boolean claimTouch(String block, long millis, long intervalMillis) {
        StoredBlock found = blocks.get(block);
        if (found == null || millis - found.touchedMillis() < intervalMillis) {
            return false;
        }
        blocks.put(block, found.touched(millis));
        return true;
    }

    synchronized void add(StoredBlock block) {
        StoredBlock before = blocks.put(block.block(), block);
        bytes += block.bytes() - (before == null ? 0 : before.bytes());
    }

    /// Adds what a listing found, in the order of use.
    synchronized void addListed(List<StoredBlock> listed) {
        List<StoredBlock> all = new ArrayList<>(blocks.values());
        for (StoredBlock block : listed) {
            if (!blocks.containsKey(block.block())) {
                all.add(block);
            }
        }
        all.sort(Comparator.comparingLong(StoredBlock::usedMillis));
        blocks.clear();
        bytes = 0;
        all.forEach(this::add);
    }

    synchronized void forget(String block) {
        StoredBlock before = blocks.remove(block);
        bytes -= before == null ? 0 : before.bytes();
    }

    synchronized Optional<StoredBlock> oldest() {
        return blocks.isEmpty() ? Optional.empty() : Optional.of(blocks.firstEntry().getValue());
    }

    synchronized List<StoredBlock> ofFolder(String folder) {
        return blocks.values().stream().filter(block -> block.folder().equals(folder)).toList();
    }

    /// The folders that have blocks.
    synchronized Set<String> folders() {
        return blocks.values().stream().map(StoredBlock::folder).collect(Collectors.toSet());
    }

    synchronized int count() {
        return blocks.size();
    }

    synchronized long bytes() {
        return bytes;
    }
}
