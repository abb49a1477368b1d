package autark.server.access;

import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.Fields;
import autark.server.http.Scope;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is known of a key; all but its secret.
///
/// @param id its public name
/// @param grant what it allows
/// @param revoked since when it is good for nothing
public record ApiKey(String id, Grant grant, Instant created, Optional<Instant> revoked) {
    private static final int NAME_CHARS_MAX = 100;
    private static final int MODELS_MAX = 100;
    private static final Set<Scope> STANDARD = EnumSet.of(Scope.ANSWERS, Scope.FILES);

    /// What a key allows.
    ///
    /// @param name for people
    /// @param tenant whose it is
    /// @param models that may be asked; empty for all
    /// @param expires after which it is good for nothing
    public record Grant(
            String name,
            String tenant,
            Set<Scope> scopes,
            Set<String> models,
            Optional<Instant> expires,
            Limits limits) {
        public Grant {
            scopes = Set.copyOf(scopes);
            models = Set.copyOf(models);
        }

        /// What a JSON object asks for. Scopes are `answers` and `files` if it names none, the
        /// tenant is the name.
        ///
        /// @throws ApiException if it cannot be granted
        static Grant of(Fields fields) {
            String name = fields.requiredText("name");
            String tenant = fields.text("tenant").orElse(name);
            for (String text : List.of(name, tenant)) {
                if (text.isBlank() || text.length() > NAME_CHARS_MAX) {
                    throw fields.invalid(
                            "name",
                            "found %d characters, expected 1 to %d that are not all spaces"
                                    .formatted(text.length(), NAME_CHARS_MAX));
                }
            }
            Grant grant =
                    new Grant(
                            name,
                            tenant,
                            scopes(fields),
                            new TreeSet<>(fields.texts("models", MODELS_MAX)),
                            fields.text("expires").map(text -> instant(fields, text)),
                            fields.object("limits").map(Limits::of).orElse(Limits.none()));
            fields.end();
            return grant;
        }

        private static Set<Scope> scopes(Fields fields) {
            Set<Scope> scopes = EnumSet.noneOf(Scope.class);
            for (String word : fields.texts("scopes", Scope.values().length)) {
                scopes.add(
                        grantable().stream()
                                .filter(scope -> word(scope).equals(word))
                                .findFirst()
                                .orElseThrow(() -> unknownScope(fields, word)));
            }
            return scopes.isEmpty() ? STANDARD : scopes;
        }

        private static ApiException unknownScope(Fields fields, String word) {
            List<String> words = grantable().stream().map(Grant::word).toList();
            return fields.invalid(
                    "scopes",
                    "found \"%s\", expected some of %s".formatted(word, String.join(", ", words)));
        }

        private static Set<Scope> grantable() {
            return EnumSet.complementOf(EnumSet.of(Scope.OPEN));
        }

        private static String word(Scope scope) {
            return scope.name().toLowerCase(Locale.ROOT);
        }

        private static Instant instant(Fields fields, String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw fields.invalid(
                        "expires",
                        "found \"%s\", expected a time as 2027-01-31T00:00:00Z".formatted(text));
            }
        }

        void addTo(ObjectNode object) {
            object.put("name", name).put("tenant", tenant);
            ArrayNode words = object.putArray("scopes");
            scopes.stream().map(Grant::word).sorted().forEach(words::add);
            ArrayNode names = object.putArray("models");
            models.stream().sorted().forEach(names::add);
            expires.ifPresent(time -> object.put("expires", time.toString()));
            limits.toJson(object.putObject("limits"));
        }
    }

    /// Whether the key opens anything.
    boolean isActive(Instant now) {
        return revoked.isEmpty() && grant.expires().map(now::isBefore).orElse(true);
    }

    Caller caller() {
        return new Caller(id, grant.tenant(), grant.scopes(), grant.models());
    }

    ApiKey withRevoked(Instant time) {
        return new ApiKey(id, grant, created, Optional.of(time));
    }

    ObjectNode addTo(ObjectNode object) {
        object.put("id", id);
        grant.addTo(object);
        object.put("created", created.toString());
        revoked.ifPresent(time -> object.put("revoked", time.toString()));
        return object;
    }

    /// The key that [#addTo] wrote.
    static ApiKey of(Fields fields) {
        String id = fields.requiredText("id");
        Instant created = Instant.parse(fields.requiredText("created"));
        Optional<Instant> revoked = fields.text("revoked").map(Instant::parse);
        return new ApiKey(id, Grant.of(fields), created, revoked);
    }
}
