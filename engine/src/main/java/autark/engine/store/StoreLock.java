package autark.engine.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// An exclusive lock between processes, and between the threads of one. The file stays behind when
/// the lock is released: to delete it would let two owners in.
final class StoreLock implements AutoCloseable {
    private static final long RETRY_NANOS = 50_000_000;

    private final FileChannel file;

    private StoreLock(FileChannel file) {
        this.file = file;
    }

    /// Takes the lock, waiting as long as another owner holds it.
    ///
    /// @param onWait called once if there is another owner
    static StoreLock acquire(Disk disk, Path path, Runnable onWait) throws IOException {
        FileChannel file = disk.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean waiting = false;
        while (tryLock(file) == null) {
            if (Thread.currentThread().isInterrupted()) {
                file.close();
                throw new IOException("interrupted while waiting for " + path);
            }
            if (!waiting) {
                onWait.run();
                waiting = true;
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
        return new StoreLock(file);
    }

    /// The system's lock belongs to the process, so a second thread is told by an exception.
    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /// Closing the file releases the lock.
    @Override
    public void close() throws IOException {
        file.close();
    }
}
