package autark.text.template;

import autark.text.template.Value.None;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The methods of a text that cut it into parts.
final class TextSplitting {
    private TextSplitting() {}

    static Sequence split(Str self, String name, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind(name, "sep", "maxsplit");
        int most = bound.count(1, -1);
        int cuts = most < 0 ? Integer.MAX_VALUE : most;
        boolean fromRight = name.equals("rsplit");
        // What is cut from the right is cut from the left in the mirror.
        String text = fromRight ? reversed(self.text()) : self.text();
        List<String> parts;
        if (bound.or(0, None.NONE) == None.NONE) {
            parts = words(text, cuts);
        } else {
            String separator = bound.text(0);
            if (separator.isEmpty()) {
                throw TemplateException.render(name + " expects a separator that is not empty");
            }
            Search.charge(text, separator, rendering);
            parts = split(text, fromRight ? reversed(separator) : separator, cuts);
        }
        if (fromRight) {
            parts.replaceAll(TextSplitting::reversed);
            Collections.reverse(parts);
        }
        rendering.charge(parts.size());
        return rendering.list(TextMethods.values(self, parts));
    }

    private static String reversed(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    private static List<String> split(String text, String separator, int cuts) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int at = Search.indexOf(text, separator, 0);
                at >= 0 && parts.size() < cuts;
                at = Search.indexOf(text, separator, start)) {
            parts.add(text.substring(start, at));
            start = at + separator.length();
        }
        parts.add(text.substring(start));
        return parts;
    }

    /// Parts between white space; the rest after the last cut stays as it is.
    private static List<String> words(String text, int cuts) {
        List<String> parts = new ArrayList<>();
        int at = wordStart(text, 0);
        while (at < text.length()) {
            if (parts.size() == cuts) {
                parts.add(text.substring(at));
                break;
            }
            int end = at;
            while (end < text.length() && !PythonText.isSpace(text.charAt(end))) {
                end++;
            }
            parts.add(text.substring(at, end));
            at = wordStart(text, end);
        }
        return parts;
    }

    private static int wordStart(String text, int start) {
        int at = start;
        while (at < text.length() && PythonText.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static Sequence splitLines(Str self, Arguments arguments, Rendering rendering) {
        boolean keepEnds = arguments.bind("splitlines", "keepends").truth(0, false);
        List<String> lines = lines(self.text(), keepEnds);
        rendering.charge(lines.size());
        return rendering.list(TextMethods.values(self, lines));
    }

    /// The lines of a text, with all line ends that Python knows.
    static List<String> lines(String text, boolean keepEnds) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            int next = i + 1;
            switch (text.charAt(i)) {
                case '\n', 0x0b, '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029 -> {}
                case '\r' -> next = text.startsWith("\n", next) ? next + 1 : next;
                default -> {
                    continue;
                }
            }
            lines.add(text.substring(start, keepEnds ? next : i));
            start = next;
            i = next - 1;
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    static Sequence partition(Str self, String name, String separator, Rendering rendering) {
        if (separator.isEmpty()) {
            throw TemplateException.render(name + " expects a separator that is not empty");
        }
        String text = self.text();
        Search.charge(text, separator, rendering);
        boolean last = name.equals("rpartition");
        int at =
                last
                        ? TextMethods.lastIndexOf(text, separator)
                        : Search.indexOf(text, separator, 0);
        List<String> parts =
                at >= 0
                        ? List.of(
                                text.substring(0, at),
                                separator,
                                text.substring(at + separator.length()))
                        : last ? List.of("", "", text) : List.of(text, "", "");
        return Sequence.tuple(TextMethods.values(self, parts));
    }
}
