package autark.model;

import autark.chip.RowRange;
import java.util.ArrayList;
import java.util.List;

/// The tokens of one step, flat: `T` of them over all sequences, without padding.
public final class Batch {
    private final List<Span> spans;
    private final int[] tokens;
    private final int[] positions;
    private final KvCache[] caches;
    private final int[] outputRows;

    private Batch(List<Span> spans) {
        this.spans = List.copyOf(spans);
        int tokenCount = spans.stream().mapToInt(span -> span.tokens().length).sum();
        tokens = new int[tokenCount];
        positions = new int[tokenCount];
        caches = new KvCache[tokenCount];
        outputRows = new int[spans.stream().mapToInt(Span::outputCount).sum()];
        int row = 0;
        int output = 0;
        for (Span span : spans) {
            int end = row + span.tokens().length;
            for (int i = end - span.outputCount(); i < end; i++) {
                outputRows[output++] = i;
            }
            for (int token : span.tokens()) {
                tokens[row] = token;
                positions[row] = span.cache().length() + row - (end - span.tokens().length);
                caches[row++] = span.cache();
            }
        }
    }

    /// A batch of spans, each of another sequence.
    public static Batch of(Span... spans) {
        return of(List.of(spans));
    }

    /// As the other form.
    public static Batch of(List<Span> list) {
        if (list.stream().map(Span::cache).distinct().count() != list.size()) {
            throw new IllegalArgumentException(
                    "found two spans of one cache, expected one span a sequence");
        }
        return new Batch(list);
    }

    public List<Span> spans() {
        return spans;
    }

    public int tokenCount() {
        return tokens.length;
    }

    public int outputCount() {
        return outputRows.length;
    }

    /// Token id of row `row`.
    public int token(int row) {
        return tokens[row];
    }

    /// Absolute position of row `row` in its sequence.
    public int position(int row) {
        return positions[row];
    }

    /// Cache of the sequence that row `row` belongs to.
    public KvCache cache(int row) {
        return caches[row];
    }

    /// The row that output `output` comes from.
    public int outputRow(int output) {
        return outputRows[output];
    }

    /// The rows cut into pieces of at most `maxRows`, each of one sequence.
    public List<RowRange> chunks(int maxRows) {
        List<RowRange> chunks = new ArrayList<>();
        int row = 0;
        for (Span span : spans) {
            int end = row + span.tokens().length;
            for (; row < end; row = chunks.getLast().end()) {
                chunks.add(new RowRange(row, Math.min(end, row + maxRows)));
            }
        }
        return chunks;
    }
}
