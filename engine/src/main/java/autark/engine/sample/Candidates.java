package autark.engine.sample;

/// The tokens of a vocabulary by rank: from the likeliest to the least likely, of equal ones the
/// smaller id first.
///
/// Usually few ranks are asked for, and ordering a whole vocabulary takes longer than a small model
/// needs for its logits. So it is a heap sort that goes only as far as it is asked: the heap
/// shrinks from the end of its array, and the ranks that it has given grow there, backwards.
final class Candidates {
    private final int[] heap;
    private float[] logits = {};
    private int heapSize;

    Candidates(int vocabSize) {
        heap = new int[vocabSize];
    }

    /// Starts over with other logits. They must stay as they are while ranks are asked for.
    void rank(float[] newLogits) {
        logits = newLogits;
        heapSize = heap.length;
        for (int i = 0; i < heapSize; i++) {
            heap[i] = i;
        }
        for (int i = heapSize / 2 - 1; i >= 0; i--) {
            sink(i, heap[i]);
        }
    }

    /// The token of rank `rank`, counted from 0.
    int token(int rank) {
        int slot = heap.length - 1 - rank;
        while (heapSize > slot) {
            int likeliest = heap[0];
            heapSize--;
            sink(0, heap[heapSize]);
            heap[heapSize] = likeliest;
        }
        return heap[slot];
    }

    /// Puts `token` into the heap at `start` or, if likelier ones are below, further down.
    private void sink(int start, int token) {
        int parent = start;
        for (int child = 2 * parent + 1; child < heapSize; child = 2 * parent + 1) {
            if (child + 1 < heapSize && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], token)) {
                break;
            }
            heap[parent] = heap[child];
            parent = child;
        }
        heap[parent] = token;
    }

    private boolean before(int a, int b) {
        return logits[a] > logits[b] || (logits[a] == logits[b] && a < b);
    }
}
