package autark.server.own;

import autark.engine.Engine;
import autark.engine.Request;
import autark.server.desk.Desk;
import autark.server.http.ErrorForm;
import autark.server.http.Fields;
import autark.server.http.Route;
import autark.server.http.Scope;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/// The routes of Autark's own, and those of llama-server that no other dialect has.
public final class Own {
    private Own() {}

    /// @param errors how failures are told
    /// @param prompts reads messages and tools of a body
    /// @param obstacle why no model can be asked now; nothing if one can
    public static List<Route> routes(
            Desk desk,
            ErrorForm errors,
            BiFunction<Fields, Engine, Request> prompts,
            Supplier<Optional<String>> obstacle) {
        Tokens tokens = new Tokens(desk, prompts);
        Health health = new Health(obstacle);
        return List.of(
                Route.get("/healthz", Scope.OPEN, errors, Health::live),
                Route.get("/readyz", Scope.OPEN, errors, health::ready),
                Route.get("/health", Scope.OPEN, errors, health::tell),
                Route.post("/tokenize", Scope.ANSWERS, errors, tokens::tokenize),
                Route.post("/detokenize", Scope.ANSWERS, errors, tokens::detokenize),
                Route.post("/apply-template", Scope.ANSWERS, errors, tokens::applyTemplate));
    }
}
