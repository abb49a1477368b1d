package autark.server.models;

import autark.engine.Engine;
import autark.server.http.ApiException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The models that clients can ask for.
public interface Catalog {
    /// All models, by name.
    List<ModelCard> models();

    /// The model that a name or an alias stands for.
    Optional<ModelCard> find(String name);

    /// What the file of a model says of itself.
    ///
    /// @throws ApiException if there is no such model
    ModelDetails details(String name);

    /// The model that a name or an alias stands for, loaded. It may wait for that.
    ///
    /// @throws ApiException if there is no such model, or no memory for it now
    Lease lease(String name);

    /// The models that are in memory, by name.
    List<LoadedModel> loaded();

    /// Says how long a model that is in memory stays there when nobody uses it, until it is
    /// unloaded the next time. Zero unloads it as soon as nobody uses it.
    ///
    /// @param time [LoadingCatalog.Limits#FOREVER] to keep it until another one needs its memory
    void keep(String name, Duration time);

    /// One model that is loaded already.
    ///
    /// @param engine stays the caller's
    static Catalog of(ModelCard card, Engine engine) {
        return new OneModel(card, engine);
    }

    /// What a client is told that asks for a model that is not here.
    static ApiException unknown(String name) {
        return ApiException.field(
                        ApiException.Kind.NOT_FOUND,
                        "model",
                        "model: found \"%s\", expected one that is here; GET /v1/models lists them"
                                .formatted(name.substring(0, Math.min(100, name.length()))))
                .withCode("model_not_found");
    }
}
