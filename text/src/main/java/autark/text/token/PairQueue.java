package autark.text.token;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Pairs that wait to be joined: the lowest rank comes out first, of equal ranks the leftmost
/// position.
///
/// The pairs of a short word are in a binary heap. In a word of millions of characters a heap would
/// spend its time on cache misses, so there the pairs of each rank gather in a bucket, which is
/// sorted when its turn comes, and the word is passed from left to right, rank by rank. Joining may
/// bring up pairs of a rank that is due or was passed before: those go to the heap. So the heap
/// holds pairs that are due, the buckets those that come later. For one thread.
final class PairQueue {
    /// What [#pop] answers if there is no pair.
    static final long NONE = Long.MAX_VALUE;

    private static final int ALL_RANKS = Integer.MAX_VALUE;
    private static final IntList[] NO_BUCKETS = {};

    private final int rankCount;
    private long[] heap = new long[64];
    private int heapSize;

    /// Up to this rank pairs are due.
    private int dueRank = ALL_RANKS;

    /// The bucket that is due; what comes before `dueNext` is done.
    private IntList due = new IntList();

    private int dueNext;

    /// By rank; made for the first long word, and empty again after each.
    private @Nullable IntList[] buckets = NO_BUCKETS;

    /// The buckets of a long word, none in a short one.
    private @Nullable IntList[] later = NO_BUCKETS;

    /// @param rankCount ranks are from 0 to this, excluded
    PairQueue(int rankCount) {
        this.rankCount = rankCount;
    }

    /// Makes the queue, which must be empty, ready for a short word.
    void startShort() {
        assert heapSize == 0 && dueNext == due.count();
        later = NO_BUCKETS;
        dueRank = ALL_RANKS;
    }

    /// Makes the queue, which must be empty, ready for a long word.
    void startLong() {
        assert heapSize == 0 && dueNext == due.count();
        if (buckets.length != rankCount) {
            buckets = new IntList[rankCount];
        }
        later = buckets;
        dueRank = -1;
    }

    void push(int rank, int position) {
        if (rank <= dueRank) {
            pushToHeap(pair(rank, position));
            return;
        }
        IntList bucket = later[rank];
        if (bucket == null) {
            bucket = new IntList();
            later[rank] = bucket;
        }
        bucket.add(position);
    }

    /// Takes out the first pair, as `rank << 32 | position`, or answers [#NONE].
    long pop() {
        if (heapSize == 0 && dueNext == due.count() && !advance()) {
            return NONE;
        }
        long first = dueNext < due.count() ? pair(dueRank, due.get(dueNext)) : NONE;
        if (heapSize > 0 && heap[0] <= first) {
            return popFromHeap();
        }
        dueNext++;
        return first;
    }

    private static long pair(int rank, int position) {
        return ((long) rank << 32) | position;
    }

    /// Makes the next bucket due, if there is one.
    private boolean advance() {
        while (dueRank < later.length - 1) {
            IntList bucket = later[++dueRank];
            if (bucket != null) {
                later[dueRank] = null;
                bucket.sort();
                due = bucket;
                dueNext = 0;
                return true;
            }
        }
        return false;
    }

    private void pushToHeap(long entry) {
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, heapSize * 2);
        }
        int hole = heapSize++;
        while (hole > 0) {
            int parent = (hole - 1) >> 1;
            if (heap[parent] <= entry) {
                break;
            }
            heap[hole] = heap[parent];
            hole = parent;
        }
        heap[hole] = entry;
    }

    private long popFromHeap() {
        long first = heap[0];
        long last = heap[--heapSize];
        int hole = 0;
        for (int child = 1; child < heapSize; child = 2 * hole + 1) {
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = last;
        return first;
    }
}
