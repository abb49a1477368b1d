package autark.text.grammar;

import autark.text.token.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/// The tokens of a vocabulary by their bytes, laid out for finding all those that a language
/// allows. Made once for a model and shared by all its grammars. Immutable.
///
/// The bytes are those that a stream decoder makes of a token, so that a mask speaks of the text
/// that a reader sees. Tokens without bytes (control tokens, unused ones) are never allowed, and
/// those that end a turn are no text either: they are allowed where a text may end. Marks, which
/// are control tokens that stand in answers, have the bytes of their names.
///
/// The tokens stand in a trie, whose nodes are numbered in the order of a walk that goes down
/// first. So a subtree is a range of nodes, from a node to its end, and the tokens below it are a
/// range of `tokens` as well. A node is a byte, a depth and an end; there are no references.
///
/// A subtree also tells which bytes occur below its root, in 64 buckets. Where a language stays in
/// one state for all of them, the subtree needs no walk: see [TokenMasks].
public final class TokenVocabulary {
    /// All bytes of all tokens together; large vocabularies have two millions.
    public static final int BYTES_MAX = 1 << 24;

    private static final byte SPACE = ' ';

    /// Enough for each id that a vocabulary may have.
    private static final int TOKEN_BITS = 22;

    /// As many as fit into a positive number beside an id.
    private static final int FIRST_BYTES = 5;

    private final int size;
    private final boolean dropsFirstSpace;
    private final int[] endOfTurn;

    /// Where the bytes of each token start, and the end of the last.
    private final int[] offsets;

    private final byte[] bytes;

    /// Tokens in the order of their bytes.
    final int[] tokens;

    /// By node: its byte.
    final byte[] labels;

    /// By node: the length of the path above it.
    final int[] depths;

    /// By node: the first node that is not below it.
    final int[] ends;

    /// By node, and one past the last: the index in `tokens` of the first that is here or below.
    final int[] tokenStarts;

    /// By node: the buckets of the bytes below it.
    final long[] bucketsBelow;

    final int depthMax;

    /// The subtree of tokens that start with a space; empty if there is none.
    final int spaceStart;

    final int spaceEnd;

    private TokenVocabulary(
            Tokenizer tokenizer, int[] offsets, byte[] bytes, int[] tokens, TrieBuilder trie) {
        this.size = tokenizer.vocabSize();
        this.dropsFirstSpace = tokenizer.dropsFirstSpace();
        this.endOfTurn = inOrder(tokenizer.endOfTurn());
        this.offsets = offsets;
        this.bytes = bytes;
        this.tokens = tokens;
        this.labels = trie.labels;
        this.depths = trie.depths;
        this.ends = trie.ends;
        this.tokenStarts = trie.tokenStarts;
        this.bucketsBelow = trie.bucketsBelow();
        this.depthMax = trie.depthMax;
        int node = 0;
        while (node < labels.length && labels[node] != SPACE) {
            node = ends[node];
        }
        this.spaceStart = node;
        this.spaceEnd = node < labels.length ? ends[node] : node;
    }

    /// The vocabulary of a tokenizer.
    ///
    /// @throws GrammarException if its tokens have more than [#BYTES_MAX] bytes
    public static TokenVocabulary of(Tokenizer tokenizer) {
        return of(tokenizer, Map.of());
    }

    /// The vocabulary of a tokenizer for answers in which some control tokens are text.
    ///
    /// @param marks the texts of these tokens
    /// @throws GrammarException if its tokens have more than [#BYTES_MAX] bytes
    public static TokenVocabulary of(Tokenizer tokenizer, Map<Integer, String> marks) {
        Set<Integer> endOfTurn = tokenizer.endOfTurn();
        int size = tokenizer.vocabSize();
        int[] offsets = new int[size + 1];
        byte[] bytes = new byte[size * 4];
        for (int token = 0; token < size; token++) {
            byte[] own = endOfTurn.contains(token) ? new byte[0] : bytes(tokenizer, marks, token);
            int end = offsets[token] + own.length;
            checkBytes(end);
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
            }
            System.arraycopy(own, 0, bytes, offsets[token], own.length);
            offsets[token + 1] = end;
        }
        bytes = Arrays.copyOf(bytes, offsets[size]);
        int[] tokens = sorted(offsets, bytes);
        return new TokenVocabulary(
                tokenizer, offsets, bytes, tokens, new TrieBuilder(offsets, bytes, tokens));
    }

    private static byte[] bytes(Tokenizer tokenizer, Map<Integer, String> marks, int token) {
        String mark = marks.get(token);
        return mark == null ? tokenizer.bytes(token) : mark.getBytes(StandardCharsets.UTF_8);
    }

    private static void checkBytes(int count) {
        if (count > BYTES_MAX) {
            throw new GrammarException(
                    "the tokens of the vocabulary have more than %d bytes".formatted(BYTES_MAX));
        }
    }

    /// The tokens that have bytes, by their bytes, then by id. The first bytes of a token and its
    /// id are one number, so that most of the work is sorting numbers; those with the same first
    /// bytes are sorted once more.
    private static int[] sorted(int[] offsets, byte[] bytes) {
        long[] keys = new long[offsets.length - 1];
        int count = 0;
        for (int token = 0; token < offsets.length - 1; token++) {
            if (offsets[token + 1] > offsets[token]) {
                keys[count++] = firstBytes(offsets, bytes, token) << TOKEN_BITS | token;
            }
        }
        Arrays.sort(keys, 0, count);
        int[] tokens = new int[count];
        int from = 0;
        for (int i = 0; i < count; i++) {
            tokens[i] = (int) keys[i] & (1 << TOKEN_BITS) - 1;
            if (keys[i] >> TOKEN_BITS != keys[from] >> TOKEN_BITS) {
                sortByBytes(tokens, from, i, offsets, bytes);
                from = i;
            }
        }
        sortByBytes(tokens, from, count, offsets, bytes);
        return tokens;
    }

    private static long firstBytes(int[] offsets, byte[] bytes, int token) {
        long first = 0;
        for (int i = 0; i < FIRST_BYTES; i++) {
            int at = offsets[token] + i;
            first = first << 8 | (at < offsets[token + 1] ? bytes[at] & 0xFF : 0);
        }
        return first;
    }

    private static void sortByBytes(int[] tokens, int from, int to, int[] offsets, byte[] bytes) {
        if (to - from < 2) {
            return;
        }
        Integer[] order = new Integer[to - from];
        for (int i = 0; i < order.length; i++) {
            order[i] = tokens[from + i];
        }
        Arrays.sort(
                order,
                (a, b) ->
                        Arrays.compareUnsigned(
                                bytes,
                                offsets[a],
                                offsets[a + 1],
                                bytes,
                                offsets[b],
                                offsets[b + 1]));
        for (int i = 0; i < order.length; i++) {
            tokens[from + i] = order[i];
        }
    }

    private static int[] inOrder(Set<Integer> tokens) {
        int[] inOrder = new int[tokens.size()];
        int count = 0;
        for (int token : tokens) {
            inOrder[count++] = token;
        }
        Arrays.sort(inOrder);
        return inOrder;
    }

    /// How many token ids there are.
    public int size() {
        return size;
    }

    /// How many words a mask over all tokens has.
    public int maskWords() {
        return (size + Long.SIZE - 1) / Long.SIZE;
    }

    /// Tokens that stand for these bytes, at each place the longest that fits.
    ///
    /// @throws GrammarException if the vocabulary has no token for a byte
    public int[] spell(byte[] text) {
        int[] spelled = new int[text.length];
        int count = 0;
        int at = 0;
        while (at < text.length) {
            int token = longest(text, at);
            spelled[count++] = token;
            at += offsets[token + 1] - offsets[token];
        }
        return Arrays.copyOf(spelled, count);
    }

    private int longest(byte[] text, int start) {
        int best = -1;
        int at = start;
        int node = 0;
        int end = labels.length;
        while (node < end && at < text.length) {
            if (labels[node] != text[at]) {
                node = ends[node];
            } else {
                if (tokenStarts[node] < tokenStarts[node + 1]) {
                    best = tokens[tokenStarts[node]];
                }
                end = ends[node];
                node++;
                at++;
            }
        }
        if (best < 0) {
            throw new GrammarException(
                    "the vocabulary has no token for byte 0x%02x".formatted(text[start] & 0xFF));
        }
        return best;
    }

    boolean dropsFirstSpace() {
        return dropsFirstSpace;
    }

    boolean endsTurn(int token) {
        return Arrays.binarySearch(endOfTurn, token) >= 0;
    }

    void allowEndOfTurn(long[] mask) {
        for (int token : endOfTurn) {
            mask[token >> 6] |= 1L << token;
        }
    }

    byte[] bytes(int token) {
        return Arrays.copyOfRange(bytes, offsets[token], offsets[token + 1]);
    }

    int nodeCount() {
        return labels.length;
    }

    /// The bucket of a byte, 0 to 62. Bytes that languages tell apart mostly in groups share one.
    static int bucket(byte value) {
        int unsigned = value & 0xFF;
        if (unsigned >= 0x80) {
            return 0;
        }
        if (unsigned < ' ' || unsigned == 0x7F) {
            return 1;
        }
        if (unsigned >= '0' && unsigned <= '9') {
            return 2;
        }
        if (unsigned >= 'a' && unsigned <= 'z') {
            return unsigned <= 'f' ? 3 : 4;
        }
        if (unsigned >= 'A' && unsigned <= 'Z') {
            return unsigned <= 'F' ? 5 : 6;
        }
        // What is left of ASCII: the space and 32 marks, in four runs.
        if (unsigned < '0') {
            return 7 + unsigned - ' ';
        }
        if (unsigned < 'A') {
            return 23 + unsigned - ':';
        }
        return unsigned < 'a' ? 30 + unsigned - '[' : 36 + unsigned - '{';
    }

    /// Lays out the trie of tokens that come in order.
    private static final class TrieBuilder {
        byte[] labels = new byte[1024];
        int[] depths = new int[1024];
        int[] ends = new int[1024];
        int[] tokenStarts = new int[1024];
        int depthMax;

        private int count;

        TrieBuilder(int[] offsets, byte[] bytes, int[] tokens) {
            int longest = 0;
            for (int token : tokens) {
                longest = Math.max(longest, offsets[token + 1] - offsets[token]);
            }
            depthMax = longest;
            int[] path = new int[longest];
            int pathLength = 0;
            for (int i = 0; i < tokens.length; i++) {
                int start = offsets[tokens[i]];
                int length = offsets[tokens[i] + 1] - start;
                int common = 0;
                while (common < pathLength
                        && common < length
                        && labels[path[common]] == bytes[start + common]) {
                    common++;
                }
                close(path, common, pathLength);
                for (int depth = common; depth < length; depth++) {
                    path[depth] = add(bytes[start + depth], depth, i);
                }
                pathLength = length;
            }
            close(path, 0, pathLength);
            trim(tokens.length);
        }

        private void close(int[] path, int from, int to) {
            for (int depth = from; depth < to; depth++) {
                ends[path[depth]] = count;
            }
        }

        private int add(byte label, int depth, int tokenIndex) {
            if (count == labels.length) {
                labels = Arrays.copyOf(labels, count * 2);
                depths = Arrays.copyOf(depths, count * 2);
                ends = Arrays.copyOf(ends, count * 2);
                tokenStarts = Arrays.copyOf(tokenStarts, count * 2);
            }
            labels[count] = label;
            depths[count] = depth;
            tokenStarts[count] = tokenIndex;
            return count++;
        }

        private void trim(int tokenCount) {
            labels = Arrays.copyOf(labels, count);
            depths = Arrays.copyOf(depths, count);
            ends = Arrays.copyOf(ends, count);
            tokenStarts = Arrays.copyOf(tokenStarts, count + 1);
            tokenStarts[count] = tokenCount;
        }

        long[] bucketsBelow() {
            long[] below = new long[count];
            int[] path = new int[depthMax + 1];
            for (int node = 0; node < count; node++) {
                int depth = depths[node];
                path[depth] = node;
                long bucket = 1L << bucket(labels[node]);
                for (int above = depth - 1; above >= 0; above--) {
                    int ancestor = path[above];
                    if ((below[ancestor] & bucket) != 0) {
                        // All further up have the bucket from here.
                        break;
                    }
                    below[ancestor] |= bucket;
                }
            }
            return below;
        }
    }
}
