package autark.server.http;

import java.util.Set;

/// Who asks.
///
/// @param key public name of the key that the request brought; [#LOCAL_KEY] without one
/// @param tenant on whose behalf: what one tenant keeps or asked is hidden from all others
/// @param scopes what the caller may do
/// @param models names of the models that the caller may ask; empty for all
public record Caller(String key, String tenant, Set<Scope> scopes, Set<String> models) {
    /// Names the caller without a key, of this machine.
    public static final String LOCAL_KEY = "local";

    public Caller {
        scopes = Set.copyOf(scopes);
        models = Set.copyOf(models);
    }

    /// Somebody on this machine, where no keys are asked for, who may do anything.
    public static Caller local() {
        return new Caller(LOCAL_KEY, "", Set.of(Scope.values()), Set.of());
    }

    /// Nobody in particular, who may do what is open to all.
    static Caller nobody() {
        return new Caller("", "", Set.of(Scope.OPEN), Set.of());
    }

    /// Whether the caller may use a route.
    public boolean may(Scope scope) {
        return scope == Scope.OPEN || scopes.contains(scope);
    }

    /// Whether the caller may ask a model.
    public boolean mayAsk(String model) {
        return models.isEmpty() || models.contains(model);
    }
}
