package autark.server.store;

import java.util.List;
import java.util.Optional;

/// Values under names. A change is on disk when the method returns. Any thread may use it.
public interface Table {
    /// The value under a name.
    Optional<byte[]> get(String name);

    /// Puts a value under a name, in the place of the one that was there.
    void put(String name, byte[] value);

    /// Takes a value away.
    ///
    /// @return whether it was there
    boolean remove(String name);

    /// All names, in order.
    List<String> names();
}
