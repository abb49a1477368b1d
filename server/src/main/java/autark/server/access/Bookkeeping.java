package autark.server.access;

import autark.server.http.ErrorForm;
import autark.server.http.Gate;
import autark.server.http.Route;
import autark.server.store.Tables;
import java.util.List;

/// Who the callers are, what they may use and have used, and what is kept for them.
public interface Bookkeeping {
    /// Knows callers by their keys.
    Gate gate();

    /// What callers may use, and what they used.
    Accounts accounts();

    /// For what the dialects keep for their clients.
    Tables tables();

    /// Keys and usage over HTTP, for callers with the scope [autark.server.http.Scope#ADMIN].
    ///
    /// @param errors how failures are told
    List<Route> routes(ErrorForm errors);

    /// Nothing is counted, nobody is limited, and nothing outlives the process.
    ///
    /// @param gate knows callers
    static Bookkeeping none(Gate gate) {
        return new NoBooks(gate, Accounts.unlimited(), Tables.inMemory());
    }
}
