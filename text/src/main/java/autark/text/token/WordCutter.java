package autark.text.token;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a text into words by the patterns of a [PreTokenizer]. For one thread.
final class WordCutter {
    /// Takes the words, from left to right.
    interface Words {
        void add(int from, int to);
    }

    private final List<Matcher> matchers = new ArrayList<>();

    WordCutter(List<Pattern> patterns) {
        for (Pattern pattern : patterns) {
            matchers.add(pattern.matcher(""));
        }
    }

    /// Cuts `text[from, to)`; nothing outside has an influence.
    void cut(String text, int from, int to, Words words) {
        for (Matcher matcher : matchers) {
            matcher.reset(text);
        }
        cut(text, from, to, 0, words);
    }

    /// Cuts a piece by the patterns from number `level` on.
    private void cut(String text, int from, int to, int level, Words words) {
        if (level == matchers.size()) {
            words.add(from, to);
            return;
        }
        Matcher matcher = matchers.get(level).region(from, to);
        int done = from;
        while (matcher.find()) {
            assert matcher.end() > matcher.start();
            if (matcher.start() > done) {
                cut(text, done, matcher.start(), level + 1, words);
            }
            cut(text, matcher.start(), matcher.end(), level + 1, words);
            done = matcher.end();
        }
        if (done < to) {
            cut(text, done, to, level + 1, words);
        }
    }
}
