package autark.server.models;

import autark.engine.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One model that is loaded already.
record OneModel(ModelCard card, Engine engine) implements Catalog {
    @Override
    public List<ModelCard> models() {
        return List.of(card);
    }

    @Override
    public Optional<ModelCard> find(String name) {
        return name.equals(card.name()) ? Optional.of(card) : Optional.empty();
    }

    @Override
    public ModelDetails details(String name) {
        return ModelDetails.unknown();
    }

    @Override
    public Lease lease(String name) {
        return new Lease(find(name).orElseThrow(() -> Catalog.unknown(name)), engine, () -> {});
    }

    @Override
    public List<LoadedModel> loaded() {
        return List.of(new LoadedModel(card, 0, Optional.empty(), engine.load()));
    }

    /// It stays loaded: it is not the catalog's.
    @Override
    public void keep(String name, Duration time) {
        // nothing is to be done
    }
}
