package autark.server.access;

import autark.engine.Json;
import autark.server.http.ErrorForm;
import autark.server.http.Exchange;
import autark.server.http.Fields;
import autark.server.http.Reply;
import autark.server.http.Route;
import autark.server.http.Scope;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Keys and usage over HTTP, for keys with the scope `admin`.
final class AdminRoutes {
    private AdminRoutes() {}

    static List<Route> routes(Admin admin, ErrorForm errors) {
        return List.of(
                Route.get(
                        "/admin/keys",
                        Scope.ADMIN,
                        errors,
                        exchange -> {
                            exchange.endQuery();
                            exchange.reply(Reply.json(admin.listKeys()));
                        }),
                Route.post(
                        "/admin/keys",
                        Scope.ADMIN,
                        errors,
                        exchange -> {
                            exchange.endQuery();
                            Fields asked = Fields.of(exchange.body());
                            exchange.reply(
                                    Reply.json(admin.createKey(exchange.caller().key(), asked)));
                        }),
                Route.delete(
                        "/admin/keys/*",
                        Scope.ADMIN,
                        errors,
                        exchange -> {
                            exchange.endQuery();
                            exchange.reply(
                                    Reply.json(
                                            admin.revokeKey(
                                                    exchange.caller().key(), exchange.pathRest())));
                        }),
                Route.get(
                        "/admin/usage",
                        Scope.ADMIN,
                        errors,
                        exchange -> {
                            Fields asked = query(exchange, "by", "since", "until");
                            exchange.reply(Reply.json(admin.usage(asked)));
                        }));
    }

    private static Fields query(Exchange exchange, String... names) {
        ObjectNode object = Json.mapper().createObjectNode();
        for (String name : names) {
            exchange.query(name).ifPresent(value -> object.put(name, value));
        }
        exchange.endQuery();
        return Fields.of(object, "");
    }
}
