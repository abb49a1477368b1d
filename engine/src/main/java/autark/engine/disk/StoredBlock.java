package autark.engine.disk;

/// A block on disk.
///
/// @param folder of its tenant
/// @param block its name
/// @param bytes of its file
/// @param usedMillis when it was last used
/// @param touchedMillis the last use that the file itself tells, for the next start and for other
///   processes
record StoredBlock(String folder, String block, long bytes, long usedMillis, long touchedMillis) {
    StoredBlock used(long millis) {
        return new StoredBlock(folder, block, bytes, millis, touchedMillis);
    }

    StoredBlock touched(long millis) {
        return new StoredBlock(folder, block, bytes, usedMillis, millis);
    }
}
