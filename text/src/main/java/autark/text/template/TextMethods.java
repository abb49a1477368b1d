package autark.text.template;

import autark.text.template.Value.Bool;
import autark.text.template.Value.Int;
import autark.text.template.Value.None;
import autark.text.template.Value.Sequence;
import autark.text.template.Value.Str;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The methods of a text.
final class TextMethods {
    static final Set<String> NAMES =
            Set.of(
                    "capitalize",
                    "center",
                    "count",
                    "endswith",
                    "find",
                    "format",
                    "index",
                    "isalnum",
                    "isalpha",
                    "isascii",
                    "isdecimal",
                    "isdigit",
                    "islower",
                    "isnumeric",
                    "isspace",
                    "istitle",
                    "isupper",
                    "join",
                    "ljust",
                    "lower",
                    "lstrip",
                    "partition",
                    "removeprefix",
                    "removesuffix",
                    "replace",
                    "rfind",
                    "rindex",
                    "rjust",
                    "rpartition",
                    "rsplit",
                    "rstrip",
                    "split",
                    "splitlines",
                    "startswith",
                    "strip",
                    "swapcase",
                    "title",
                    "upper",
                    "zfill");

    private TextMethods() {}

    static Value call(Str self, String name, Arguments arguments, Rendering rendering) {
        String text = self.text();
        rendering.chargeScan(text);
        return switch (name) {
            case "format" -> BraceFormat.format(self, arguments, rendering);
            case "join" -> join(self, arguments.bind(name, "iterable").required(0), rendering);
            case "split", "rsplit" -> TextSplitting.split(self, name, arguments, rendering);
            case "splitlines" -> TextSplitting.splitLines(self, arguments, rendering);
            case "partition", "rpartition" ->
                    TextSplitting.partition(
                            self, name, arguments.bind(name, "sep").text(0), rendering);
            case "strip", "lstrip", "rstrip" -> strip(self, name, arguments);
            case "replace" -> replace(self, arguments, rendering);
            case "startswith", "endswith" -> Bool.of(touches(self, name, arguments));
            case "find", "rfind", "index", "rindex" -> find(self, name, arguments, rendering);
            case "count" -> count(self, arguments, rendering);
            case "removeprefix" -> {
                String prefix = arguments.bind(name, "prefix").text(0);
                yield like(self, text.startsWith(prefix) ? text.substring(prefix.length()) : text);
            }
            case "removesuffix" -> {
                String suffix = arguments.bind(name, "suffix").text(0);
                yield like(
                        self,
                        text.endsWith(suffix)
                                ? text.substring(0, text.length() - suffix.length())
                                : text);
            }
            case "center", "ljust", "rjust" -> {
                Arguments.Bound bound = arguments.bind(name, "width", "fillchar");
                bound.required(0);
                yield pad(self, name, bound.count(0, 0), bound.text(1, " "), rendering);
            }
            case "zfill" -> zeroFilled(self, arguments, rendering);
            default -> {
                arguments.requireNone(name);
                yield withoutArguments(self, name, rendering);
            }
        };
    }

    private static Value withoutArguments(Str self, String name, Rendering rendering) {
        String text = self.text();
        if (name.equals("upper")) {
            return like(self, text.toUpperCase(Locale.ROOT));
        }
        if (name.equals("lower")) {
            return like(self, text.toLowerCase(Locale.ROOT));
        }
        rendering.chargeConversion(text);
        return name.startsWith("is")
                ? Bool.of(TextCase.is(name, text))
                : like(self, TextCase.convert(name, text));
    }

    /// A text that is markup if `self` is.
    static Str like(Str self, String text) {
        return new Str(text, self.markup());
    }

    static Str join(Str separator, Value items, Rendering rendering) {
        TextBuilder text = new TextBuilder(rendering);
        String between = "";
        int index = 0;
        for (Value item : Operators.iterate(items, rendering)) {
            if (!(item instanceof Str str)) {
                throw TemplateException.render(
                        "join expects texts, found " + item.typeName() + " at index " + index);
            }
            boolean escapes = separator.markup() && !str.markup();
            text.append(between).append(escapes ? Html.escape(str.text(), rendering) : str.text());
            between = separator.text();
            index++;
        }
        return like(separator, text.toString());
    }

    private static Str strip(Str self, String name, Arguments arguments) {
        Stripping.Side side =
                switch (name) {
                    case "lstrip" -> Stripping.Side.LEFT;
                    case "rstrip" -> Stripping.Side.RIGHT;
                    default -> Stripping.Side.BOTH;
                };
        Arguments.Bound bound = arguments.bind(name, "chars");
        String text = self.text();
        return like(
                self,
                bound.or(0, None.NONE) == None.NONE
                        ? Stripping.space(text, side)
                        : Stripping.characters(text, bound.text(0), side));
    }

    private static Str replace(Str self, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
        return replace(self, bound.text(0), bound.text(1), bound.count(2, -1), rendering);
    }

    /// Replaces the first `count` occurrences, all of them if `count` is negative.
    static Str replace(Str self, String old, String replacement, int count, Rendering rendering) {
        String text = self.text();
        Search.charge(text, old, rendering);
        TextBuilder result = new TextBuilder(rendering);
        int done = 0;
        int left = count < 0 ? Integer.MAX_VALUE : count;
        for (int at = Search.indexOf(text, old, 0); at >= 0 && left > 0; left--) {
            result.append(text, done, at).append(replacement);
            done = at + old.length();
            if (old.isEmpty()) {
                if (at == text.length()) {
                    break;
                }
                // An empty text is found before each character and at the end.
                at = text.offsetByCodePoints(at, 1);
            } else {
                at = Search.indexOf(text, old, done);
            }
        }
        result.append(text, done, text.length());
        return like(self, result.toString());
    }

    private static boolean touches(Str self, String name, Arguments arguments) {
        Arguments.Bound bound = arguments.bind(name, "affix", "start", "end");
        String text = slice(self, bound);
        Value affix = bound.required(0);
        List<Value> affixes =
                affix instanceof Sequence sequence && sequence.kind() == Sequence.Kind.TUPLE
                        ? sequence.items()
                        : List.of(affix);
        for (Value candidate : affixes) {
            if (!(candidate instanceof Str part)) {
                throw TemplateException.render(
                        name
                                + " expects a text or a tuple of texts, found "
                                + candidate.typeName());
            }
            boolean found =
                    name.equals("startswith")
                            ? text.startsWith(part.text())
                            : text.endsWith(part.text());
            if (found) {
                return true;
            }
        }
        return false;
    }

    /// The part of a text between the arguments 1 and 2, counted in characters as in a slice.
    private static String slice(Str self, Arguments.Bound bound) {
        if (!bound.has(1) && !bound.has(2)) {
            return self.text();
        }
        int size = self.length();
        int start = position(bound.count(1, 0), size);
        int end = Math.max(start, position(bound.count(2, size), size));
        String text = self.text();
        return text.substring(text.offsetByCodePoints(0, start), text.offsetByCodePoints(0, end));
    }

    private static int position(int index, int size) {
        return Math.clamp(index < 0 ? (long) index + size : index, 0, size);
    }

    private static Int find(Str self, String name, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind(name, "sub", "start", "end");
        String text = slice(self, bound);
        String part = bound.text(0);
        Search.charge(text, part, rendering);
        int at = name.startsWith("r") ? lastIndexOf(text, part) : Search.indexOf(text, part, 0);
        if (at < 0) {
            if (name.endsWith("index")) {
                throw TemplateException.render(name + ": the text does not contain the other one");
            }
            return new Int(-1);
        }
        int before = position(bound.count(1, 0), self.length());
        return new Int((long) before + text.codePointCount(0, at));
    }

    static int lastIndexOf(String text, String part) {
        String reversed = new StringBuilder(text).reverse().toString();
        String needle = new StringBuilder(part).reverse().toString();
        int at = Search.indexOf(reversed, needle, 0);
        return at < 0 ? -1 : text.length() - at - part.length();
    }

    private static Int count(Str self, Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bind("count", "sub", "start", "end");
        String text = slice(self, bound);
        String part = bound.text(0);
        Search.charge(text, part, rendering);
        if (part.isEmpty()) {
            return new Int(text.codePointCount(0, text.length()) + 1L);
        }
        int count = 0;
        for (int at = Search.indexOf(text, part, 0);
                at >= 0;
                at = Search.indexOf(text, part, at + part.length())) {
            rendering.charge(1);
            count++;
        }
        return new Int(count);
    }

    static Str pad(Str self, String side, int width, String fill, Rendering rendering) {
        if (fill.codePointCount(0, fill.length()) != 1) {
            throw TemplateException.render(side + " expects one character to fill with");
        }
        int missing = Math.max(0, width - self.length());
        int left =
                switch (side) {
                    case "ljust" -> 0;
                    case "rjust" -> missing;
                    // Python puts the odd blank to the left if the width is odd.
                    default -> missing / 2 + (missing & width & 1);
                };
        TextBuilder text = new TextBuilder(rendering);
        text.repeat(fill, left).append(self.text()).repeat(fill, missing - left);
        return like(self, text.toString());
    }

    private static Str zeroFilled(Str self, Arguments arguments, Rendering rendering) {
        int width = arguments.bind("zfill", "width").count(0, 0);
        String text = self.text();
        int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        TextBuilder filled = new TextBuilder(rendering);
        filled.append(text, 0, sign).repeat("0", width - self.length());
        return like(self, filled.append(text, sign, text.length()).toString());
    }

    /// Texts as values.
    static List<Value> values(Str self, List<String> texts) {
        List<Value> values = new ArrayList<>(texts.size());
        for (String text : texts) {
            values.add(like(self, text));
        }
        return values;
    }
}
