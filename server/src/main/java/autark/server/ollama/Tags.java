package autark.server.ollama;

import autark.server.desk.Desk;
import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.models.Catalog;

/// Names of models: without a tag the exact name is meant, or else the one with the tag `latest`.
final class Tags {
    private static final String LATEST = ":latest";

    private Tags() {}

    /// The name that the catalog knows.
    ///
    /// @throws ApiException if there is no such model, or the caller may not ask it
    static String name(Desk desk, Caller caller, String asked) {
        Catalog catalog = desk.catalog();
        String other =
                asked.endsWith(LATEST)
                        ? asked.substring(0, asked.length() - LATEST.length())
                        : asked + LATEST;
        boolean known = catalog.find(asked).isPresent() || catalog.find(other).isEmpty();
        return desk.find(caller, known ? asked : other).name();
    }
}
