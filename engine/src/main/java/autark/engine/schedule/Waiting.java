package autark.engine.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Answers that wait, and whose turn it is: the highest priority, raised by the time of waiting; of
/// equals the tenant who got least (virtual token counters, Sheng et al., Fairness in Serving Large
/// Language Models, 2024); of those the one that came first.
///
/// A tenant's counter begins at that of the one who got least when it comes, so that nobody saves
/// shares up, and is forgotten when it has no answer left.
final class Waiting {
    private static final class Tenant {
        double served;
        int answers;
        int running;
    }

    private final Duration aging;
    private final List<Task> tasks = new ArrayList<>();
    private final Map<String, Tenant> tenants = new HashMap<>();
    private long comers;

    Waiting(Duration aging) {
        this.aging = aging;
    }

    /// A new answer.
    void add(Task task) {
        double least =
                tenants.values().stream().mapToDouble(tenant -> tenant.served).min().orElse(0);
        Tenant tenant = tenants.computeIfAbsent(task.terms.tenant(), _ -> new Tenant());
        if (tenant.answers == 0) {
            tenant.served = least;
        }
        tenant.answers++;
        task.number = comers++;
        tasks.add(task);
    }

    /// An answer that ran and has to wait again.
    void addAgain(Task task, Instant now) {
        tenant(task).running--;
        task.since = now;
        tasks.add(task);
    }

    /// An answer that has ended.
    void forget(Task task, boolean running) {
        Tenant tenant = tenant(task);
        tasks.remove(task);
        tenant.running -= running ? 1 : 0;
        tenant.answers--;
        if (tenant.answers == 0) {
            tenants.remove(task.terms.tenant());
        }
    }

    /// Whose turn it is, of those whose readers keep up.
    Optional<Task> next(Instant now) {
        return tasks.stream()
                .filter(Task::hasRoom)
                .max(
                        Comparator.comparingLong((Task task) -> level(task, now))
                                .thenComparing(
                                        Comparator.comparingDouble(
                                                        (Task task) -> tenant(task).served)
                                                .reversed())
                                .thenComparing(
                                        Comparator.comparingLong((Task task) -> task.number)
                                                .reversed()));
    }

    /// Takes an answer out to run.
    void start(Task task, Instant now) {
        tasks.remove(task);
        task.rank = level(task, now);
        task.since = now;
        tenant(task).running++;
    }

    /// An answer that runs from the start, beside the one that it follows.
    void startBeside(Task task, Task leader, Instant now) {
        add(task);
        start(task, now);
        task.rank = leader.rank;
    }

    /// Priority and how often the time of aging has passed.
    long level(Task task, Instant now) {
        long waited = Duration.between(task.since, now).toNanos();
        return task.terms.priority() + Math.max(0, waited) / aging.toNanos();
    }

    /// Counts tokens in that were computed for an answer.
    void serve(Task task, int tokenCount) {
        tenant(task).served += tokenCount;
    }

    /// Whether a tenant has fewer running answers than its share of `places`.
    boolean belowShare(Task task, int places) {
        return tenant(task).running < places / tenants.size();
    }

    /// Whether a tenant has more running answers than its share of `places`.
    boolean aboveShare(Task task, int places) {
        return tenant(task).running > places / tenants.size();
    }

    private Tenant tenant(Task task) {
        Tenant tenant = tenants.get(task.terms.tenant());
        if (tenant == null) {
            throw new IllegalStateException("a tenant without answers was asked for");
        }
        return tenant;
    }

    List<Task> tasks() {
        return tasks;
    }
}
