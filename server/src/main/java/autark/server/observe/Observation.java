package autark.server.observe;

import autark.server.access.Receipt;
import autark.server.desk.Desk;
import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.ErrorForm;
import autark.server.http.Exchange;
import autark.server.http.Reply;
import autark.server.http.Route;
import autark.server.http.Scope;
import autark.server.http.Witness;
import java.util.List;

/// Sees what the server does: counts it, and writes a line of the log for each request.
public final class Observation implements Desk.Observer, Witness {
    private final Metrics metrics;
    private final RequestLog requests;

    public Observation(Metrics metrics, Log log) {
        this.metrics = metrics;
        this.requests = new RequestLog(log);
    }

    /// `/metrics`, for Prometheus and what reads its format.
    ///
    /// @param errors how failures are told
    public List<Route> routes(ErrorForm errors) {
        return List.of(Route.get("/metrics", Scope.METRICS, errors, this::tell));
    }

    private void tell(Exchange exchange) {
        exchange.endQuery();
        exchange.reply(Reply.text(Exposition.CONTENT_TYPE, metrics.text()));
    }

    @Override
    public void came(String id) {
        metrics.came(id);
        requests.came(id);
    }

    @Override
    public void left(Visit visit) {
        metrics.left(visit);
        requests.left(visit);
    }

    @Override
    public void ended(Receipt receipt) {
        metrics.ended(receipt);
        requests.ended(receipt);
    }

    @Override
    public void refused(Caller caller, String model, ApiException.Kind kind) {
        metrics.refused(caller, model, kind);
    }
}
