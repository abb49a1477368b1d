package autark.server.models;

import autark.engine.store.ModelName;
import autark.engine.store.ModelStore;
import autark.engine.store.StoreException;
import autark.engine.store.StoredModel;
import autark.server.config.AdapterFile;
import autark.server.http.ApiException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The models of this machine by the names that clients use: those of the store, as they are at the
/// moment, and files that the configuration names. An alias leads to one of them.
///
/// Names are the same whatever their case, and a name without a tag is the one with the tag
/// `latest`.
public final class Inventory {
    private static final String DEFAULT_TAG = ":" + ModelName.DEFAULT_TAG;
    private static final Logger LOGGER = System.getLogger(Inventory.class.getName());

    private final ModelStore store;
    private final TreeMap<String, ModelSource> files = new TreeMap<>();
    private final TreeMap<String, String> aliases = new TreeMap<>();
    private final TreeMap<String, Adapted> adapted = new TreeMap<>();

    /// Names that the configuration gives.
    ///
    /// @param files model files that are not in the store, by name; they hide models of the store
    /// @param aliases other names of models
    /// @param adapters that make models of others, by the names of the models that they make
    public record Names(
            Map<String, Path> files,
            Map<String, String> aliases,
            Map<String, AdapterFile> adapters) {
        /// The store has all.
        public static Names none() {
            return new Names(Map.of(), Map.of(), Map.of());
        }
    }

    private record Adapted(String name, AdapterFile adapter) {}

    public Inventory(ModelStore store, Names names) {
        this.store = store;
        names.files().forEach((name, file) -> files.put(plain(name), ofFile(name, file)));
        names.aliases().forEach((alias, name) -> aliases.put(plain(alias), name));
        names.adapters()
                .forEach((name, adapter) -> adapted.put(plain(name), new Adapted(name, adapter)));
    }

    /// All models, by name; what is damaged is left out.
    public List<ModelSource> all() {
        List<ModelSource> sources = new ArrayList<>(files.values());
        store.list(damage -> LOGGER.log(Level.DEBUG, damage::getMessage)).stream()
                .map(Inventory::ofStore)
                .filter(source -> !files.containsKey(plain(source.name())))
                .filter(source -> !adapted.containsKey(plain(source.name())))
                .forEach(sources::add);
        adapted.values().forEach(made -> adapt(made).ifPresent(sources::add));
        sources.sort(Comparator.comparing(ModelSource::name));
        return sources;
    }

    /// The model that a name or an alias stands for.
    ///
    /// @throws ApiException if the store is damaged there
    public Optional<ModelSource> find(String asked) {
        return named(aliases.getOrDefault(plain(asked), asked));
    }

    private Optional<ModelSource> named(String name) {
        Adapted made = adapted.get(plain(name));
        return made == null ? base(name) : adapt(made);
    }

    private Optional<ModelSource> base(String name) {
        return Optional.ofNullable(files.get(plain(name))).or(() -> stored(plain(name)));
    }

    private Optional<ModelSource> adapt(Adapted made) {
        return base(made.adapter().model())
                .map(base -> base.adapted(made.name(), made.adapter().file()));
    }

    private Optional<ModelSource> stored(String name) {
        ModelName parsed;
        try {
            parsed = ModelName.parse(name);
        } catch (StoreException e) {
            return Optional.empty(); // what cannot be a name in the store is not in it
        }
        try {
            return store.find(parsed).map(Inventory::ofStore);
        } catch (StoreException e) {
            LOGGER.log(Level.ERROR, e.getMessage());
            throw ApiException.field(
                    ApiException.Kind.UNAVAILABLE,
                    "model",
                    "model: %s is damaged; the log of the server says where".formatted(parsed));
        }
    }

    /// How a name is compared.
    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(DEFAULT_TAG)
                ? lower.substring(0, lower.length() - DEFAULT_TAG.length())
                : lower;
    }

    private static ModelSource ofStore(StoredModel model) {
        return new ModelSource(
                model.name().toString(),
                model.file(),
                model.added(),
                Optional.of(model),
                Optional.empty());
    }

    private static ModelSource ofFile(String name, Path file) {
        Instant created;
        try {
            created = Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            created = Instant.EPOCH; // that it cannot be read is told when it is loaded
        }
        return new ModelSource(name, file, created, Optional.empty(), Optional.empty());
    }
}
