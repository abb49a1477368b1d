package autark.text.grammar;

import java.util.ArrayList;
import java.util.List;

/// A language made of others: a graph of places with ways between them, each way a language. Its
/// texts are those of the ways that lead from the first place to the last, one behind another.
///
/// Ways may begin alike, and a text may go on where it may also end: a reader follows all that are
/// possible side by side.
public final class Outline {
    /// Where each outline starts.
    public static final int FIRST = 0;

    /// Where each outline ends; no way leads on from there.
    public static final int LAST = 1;

    /// @param text its states are of its own kind, and go back to it alone
    record Way(int from, Language<Object> text, int to) {}

    private final List<Way> ways = new ArrayList<>();
    private int placeCount = 2;

    /// Two places and no way.
    public Outline() {}

    /// A new place.
    public int place() {
        return placeCount++;
    }

    /// Adds a way.
    @SuppressWarnings("unchecked") // states come from the language and go back to it
    public void way(int from, Language<?> text, int to) {
        if (from == LAST) {
            throw new IllegalArgumentException("found a way that begins at the last place");
        }
        ways.add(new Way(from, (Language<Object>) text, to));
    }

    /// Adds a way of one text.
    public void way(int from, String text, int to) {
        way(from, Regex.literal(text).language(), to);
    }

    /// The language of what was added so far.
    ///
    /// @throws GrammarException if a way has no text, or the last place cannot be reached from
    ///   another one
    public Language<?> language() {
        return new OutlineLanguage(ways, placeCount);
    }
}
