package autark.server.own;

import autark.server.http.ErrorForm;
import autark.server.http.Reply;
import autark.server.http.Route;
import autark.server.http.Scope;
import java.util.List;

/// The routes of Autark's own.
public final class Own {
    private Own() {}

    /// @param errors how failures are told
    public static List<Route> routes(ErrorForm errors) {
        return List.of(
                Route.get(
                        "/healthz",
                        Scope.OPEN,
                        errors,
                        exchange -> exchange.reply(Reply.text("text/plain", "ok\n"))));
    }
}
