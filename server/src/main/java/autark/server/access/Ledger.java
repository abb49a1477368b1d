package autark.server.access;

import autark.server.store.StoreException;
import autark.server.store.Table;
import autark.server.store.Tables;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// All answers, a table a day; entries are added and never changed. An entry is on disk when [#add]
/// returns. Any thread may use it.
final class Ledger {
    private static final Logger LOGGER = System.getLogger(Ledger.class.getName());
    private static final String OWN = "";
    private static final byte[] HERE = {};

    private final Tables tables;
    private final Table days;
    private final Map<LocalDate, Day> open = new HashMap<>();

    private record Day(Table table, AtomicLong next) {}

    Ledger(Tables tables) {
        this.tables = tables;
        this.days = tables.table("ledger-days", OWN);
    }

    void add(Entry entry) {
        Day day = day(Meter.dayOf(entry.time()));
        day.table().put("%012d".formatted(day.next().getAndIncrement()), entry.bytes());
    }

    private synchronized Day day(LocalDate date) {
        Day found = open.get(date);
        if (found == null) {
            Table table = table(date);
            days.put(date.toString(), HERE);
            found = new Day(table, new AtomicLong(table.names().size()));
            open.keySet().removeIf(other -> other.isBefore(date.minusDays(2)));
            open.put(date, found);
        }
        return found;
    }

    private Table table(LocalDate date) {
        return tables.table("ledger-" + date, OWN);
    }

    /// Reads the entries of some days.
    ///
    /// @param since the first day
    /// @param until the last day
    /// @return how many entries are damaged and were left out
    int read(LocalDate since, LocalDate until, Consumer<Entry> reader) {
        int damaged = 0;
        for (String name : days.names()) {
            LocalDate date = LocalDate.parse(name);
            if (!date.isBefore(since) && !date.isAfter(until)) {
                Table table = table(date);
                for (String entry : table.names()) {
                    try {
                        table.get(entry).map(Entry::of).ifPresent(reader);
                    } catch (StoreException e) {
                        damaged++;
                        LOGGER.log(Level.ERROR, e.getMessage());
                    }
                }
            }
        }
        return damaged;
    }
}
