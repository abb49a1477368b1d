package autark.server.access;

import autark.engine.Json;
import autark.server.http.ApiException;
import autark.server.http.Fields;
import autark.server.store.MvTables;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the owner of a server can do to its books, whichever way he comes: over HTTP, through the
/// socket of a running server, or to books that no server has open.
final class Admin {
    private final MvTables tables;
    private final Keys keys;
    private final KeyAccounts accounts;
    private final Ledger ledger;
    private final AuditLog log;

    Admin(MvTables tables, Keys keys, KeyAccounts accounts, Ledger ledger, AuditLog log) {
        this.tables = tables;
        this.keys = keys;
        this.accounts = accounts;
        this.ledger = ledger;
        this.log = log;
    }

    /// Makes a key; the answer holds its token, once.
    ///
    /// @param who public name of the key of who asks, or `owner`
    /// @param asked what the key allows
    JsonNode createKey(String who, Fields asked) {
        Keys.Created created = keys.create(ApiKey.Grant.of(asked));
        ApiKey key = created.key();
        log.record(
                who,
                "key.created",
                "%s %s for %s".formatted(key.id(), key.grant().name(), key.grant().tenant()));
        ObjectNode object = Json.mapper().createObjectNode();
        object.put("token", created.token());
        return key.addTo(object);
    }

    /// All keys, with those that are good for nothing any more.
    JsonNode listKeys() {
        ObjectNode object = Json.mapper().createObjectNode();
        ArrayNode array = object.putArray("keys");
        keys.list().forEach(key -> key.addTo(array.addObject()));
        return object;
    }

    /// Makes a key good for nothing and ends the answers that are being written for it.
    ///
    /// @throws ApiException of kind [ApiException.Kind#NOT_FOUND] if there is none
    JsonNode revokeKey(String who, String id) {
        Optional<ApiKey> revoked = Optional.empty();
        try {
            revoked = keys.revoke(id);
        } finally {
            accounts.cancel(id);
        }
        ApiKey key =
                revoked.orElseThrow(
                        () -> ApiException.of(ApiException.Kind.NOT_FOUND, "found no key " + id));
        log.record(who, "key.revoked", key.id());
        return key.addTo(Json.mapper().createObjectNode());
    }

    /// What was used.
    ///
    /// @param asked `by`, `since`, `until`
    JsonNode usage(Fields asked) {
        return UsageReport.of(ledger, asked);
    }

    private JsonNode eraseTenant(String who, String tenant) {
        tables.erase(tenant);
        log.record(who, "tenant.erased", tenant);
        return Json.mapper().createObjectNode().put("erased", tenant);
    }

    private JsonNode verifyLog() {
        AuditLog.Verdict verdict = log.verify();
        ObjectNode object = Json.mapper().createObjectNode().put("lines", verdict.lines());
        verdict.problem().ifPresent(problem -> object.put("problem", problem));
        return object;
    }

    /// Does what the owner of this machine asks for.
    ///
    /// @param asked an object with the field `do` and what that needs
    /// @throws ApiException if it cannot be done
    JsonNode answer(Fields asked) {
        String owner = "owner";
        String what = asked.requiredText("do");
        return switch (what) {
            case "create-key" -> createKey(owner, asked);
            case "usage" -> usage(asked);
            case "list-keys" -> {
                asked.end();
                yield listKeys();
            }
            case "revoke-key" -> {
                String id = asked.requiredText("id");
                asked.end();
                yield revokeKey(owner, id);
            }
            case "erase-tenant" -> {
                String tenant = asked.requiredText("tenant");
                asked.end();
                yield eraseTenant(owner, tenant);
            }
            case "verify-log" -> {
                asked.end();
                yield verifyLog();
            }
            default ->
                    throw asked.invalid("do", "found \"%s\", which nobody knows".formatted(what));
        };
    }
}
