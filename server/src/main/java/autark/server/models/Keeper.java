package autark.server.models;

import autark.server.http.ApiException;
import java.util.function.Consumer;

/// Changes which models are here.
public interface Keeper {
    /// Gets a model into the store.
    ///
    /// @param progress is told how far it is, on the calling thread; what it throws ends the work
    /// @throws ApiException if there is no such model, or it cannot be had
    void pull(String name, Consumer<Progress> progress);

    /// Gives a model another name.
    ///
    /// @throws ApiException if there is no such model, or the name is none
    void copy(String from, String to);

    /// Takes a name away, and the model file with the last of its names.
    ///
    /// @throws ApiException if there is no such model
    void delete(String name);

    /// How far a model has come.
    ///
    /// @param status in words
    /// @param digest of the file that is coming; empty if none is
    /// @param totalBytes of the file, 0 if that is not known
    /// @param completedBytes how many are here
    record Progress(String status, String digest, long totalBytes, long completedBytes) {}

    /// Changes nothing.
    static Keeper none() {
        return new Keeper() {
            @Override
            public void pull(String name, Consumer<Progress> progress) {
                throw refusal("autark pull " + name);
            }

            @Override
            public void copy(String from, String to) {
                throw refusal("an alias in the configuration of the server");
            }

            @Override
            public void delete(String name) {
                throw refusal("autark rm " + name);
            }

            private static ApiException refusal(String instead) {
                return ApiException.of(
                        ApiException.Kind.FORBIDDEN,
                        "this server does not change which models are here; instead: " + instead);
            }
        };
    }
}
