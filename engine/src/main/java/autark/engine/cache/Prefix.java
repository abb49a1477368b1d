package autark.engine.cache;

import autark.model.KvPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A beginning that [PrefixCache] remembers: the tokens of its parent and those of a page more.
/// Beginnings of one tenant form a tree whose root is the empty one.
public final class Prefix {
    final PrefixName name;
    final TenantShare tenant;
    final @Nullable Prefix parent;
    final int[] tokens;
    final List<Prefix> children = new ArrayList<>();

    /// Tokens from the start to the end of this page.
    private final int length;

    private final long number;

    /// Null for a root.
    private final @Nullable KvPage page;

    /// Sequences that go on from here.
    int pins;

    /// Sequences that go on from here or from further down.
    int users;

    /// Who has the least goes first; see [PrefixCache].
    double worth;

    long lastUse;

    /// @param number of the page; no two have the same
    Prefix(PrefixName name, Prefix parent, int[] tokens, KvPage page, long number) {
        this.name = name;
        this.tenant = parent.tenant;
        this.parent = parent;
        this.tokens = tokens;
        this.length = parent.length + tokens.length;
        this.page = page;
        this.number = number;
    }

    private Prefix(PrefixName name, TenantShare tenant) {
        this.name = name;
        this.tenant = tenant;
        this.parent = null;
        this.tokens = new int[0];
        this.length = 0;
        this.page = null;
        this.number = 0;
    }

    static Prefix root(PrefixName name, TenantShare tenant) {
        return new Prefix(name, tenant);
    }

    /// Tokens of the beginning.
    public int length() {
        return length;
    }

    public PrefixName name() {
        return name;
    }

    long number() {
        return number;
    }

    /// The keys and values of its last page; a root has none.
    public Optional<KvPage> page() {
        return Optional.ofNullable(page);
    }

    boolean evictable() {
        return parent != null && pins == 0 && children.isEmpty();
    }
}
