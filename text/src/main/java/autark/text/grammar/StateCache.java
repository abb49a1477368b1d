package autark.text.grammar;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What has been found out about a language: a node for each state met, with the steps taken from
/// it and its token mask. This is a deterministic automaton that grows where answers go, as RE2's
/// does, so that a step that was taken before is an array access.
///
/// Nodes, steps and masks are counted in bytes. Over the limit all is forgotten, and what is in use
/// comes back. A node that was forgotten still knows its state, so whoever stands on it goes on:
/// its next step leads to nodes that count again. That the same state may then have two nodes for a
/// while costs time only.
///
/// Threads: steps and masks are read without a lock. A node's fields that never change are final
/// and therefore seen whole by whoever finds the node in another's table; a slot of a table goes
/// from empty to a node and may be seen empty late, which costs finding the same node again. Only
/// new nodes and forgetting take the lock.
final class StateCache {
    /// A node with a usual state and its place in the map.
    static final int NODE_BYTES = 512;

    /// A table of steps.
    static final int STEPS_BYTES = 16 + 4 * 256;

    /// A state met.
    static final class Node {
        final Object state;
        final boolean complete;

        /// By byte where it leads, as far as it is known.
        private @Nullable Node @Nullable [] steps;

        /// The token mask, if it was asked for; never changed.
        volatile long @Nullable [] mask;

        /// The buckets of bytes that lead back here, and [#LOOPS_KNOWN].
        private volatile long loops;

        private volatile boolean forgotten;

        Node(Object state, boolean complete) {
            this.state = state;
            this.complete = complete;
        }

        private void forget() {
            forgotten = true;
            steps = null;
            mask = null;
        }
    }

    private static final long LOOPS_KNOWN = 1L << 63;

    /// Where no text of the language goes on; its state is none of the language's.
    final Node dead = new Node(Optional.empty(), false);

    private final Language<Object> language;
    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();
    private final ConcurrentHashMap<Object, Node> nodes = new ConcurrentHashMap<>();

    // States come from the language and go back to it, nowhere else: their type does not matter.
    @SuppressWarnings("unchecked")
    StateCache(Language<?> language, long bytesMax) {
        this.language = (Language<Object>) language;
        this.bytesMax = bytesMax;
    }

    Node start() {
        return node(language.start());
    }

    byte[] completion(Node node) {
        return language.completion(node.state);
    }

    int cost(Node node) {
        return language.cost(node.state);
    }

    /// The node after one more byte, if that step was taken before.
    static @Nullable Node known(Node node, byte value) {
        @Nullable Node[] steps = node.steps;
        return steps == null ? null : steps[value & 0xFF];
    }

    /// The node after one more byte, or [#dead].
    Node next(Node node, byte value) {
        Node known = known(node, value);
        return known != null ? known : find(node, value);
    }

    private Node find(Node node, byte value) {
        Node from = node.forgotten ? node(node.state) : node;
        Optional<Object> state = language.next(from.state, value);
        Node to = state.isPresent() ? node(state.get()) : dead;
        @Nullable Node[] steps = from.steps;
        if (steps == null) {
            steps = new @Nullable Node[256];
            steps[value & 0xFF] = to;
            from.steps = steps;
            count(STEPS_BYTES);
        } else {
            steps[value & 0xFF] = to;
        }
        return to;
    }

    private Node node(Object state) {
        Node known = nodes.get(state);
        if (known != null) {
            return known;
        }
        Node made = new Node(state, language.complete(state));
        synchronized (this) {
            known = nodes.putIfAbsent(state, made);
        }
        if (known != null) {
            return known;
        }
        count(NODE_BYTES * (long) language.cost(state));
        return made;
    }

    /// Keeps a mask that was made for a node.
    void keepMask(Node node, long[] mask) {
        if (!node.forgotten) {
            node.mask = mask;
            count(mask.length * (long) Long.BYTES);
        }
    }

    /// The buckets of whose bytes each leads from a node back to it, as far as it is known.
    static long knownLoops(Node node) {
        return node.loops & ~LOOPS_KNOWN;
    }

    /// The buckets of whose bytes each leads from a node back to it.
    long loops(Node node) {
        long loops = node.loops;
        if (loops == 0) {
            loops = findLoops(node);
            node.loops = loops;
        }
        return loops & ~LOOPS_KNOWN;
    }

    private long findLoops(Node node) {
        long loops = -1L;
        for (int value = 0; value < 256; value++) {
            if (next(node, (byte) value) != node) {
                loops &= ~(1L << TokenVocabulary.bucket((byte) value));
            }
        }
        return loops | LOOPS_KNOWN;
    }

    private void count(long more) {
        if (bytes.addAndGet(more) > bytesMax) {
            forgetAll();
        }
    }

    private synchronized void forgetAll() {
        if (bytes.get() > bytesMax) {
            for (Node node : nodes.values()) {
                node.forget();
            }
            nodes.clear();
            bytes.set(0);
        }
    }

    /// For tests: what is counted.
    long bytes() {
        return bytes.get();
    }
}
