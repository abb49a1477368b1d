package autark.text.call;

import autark.text.grammar.GrammarException;
import autark.text.grammar.Language;
import autark.text.grammar.Outline;
import autark.text.grammar.Regex;
import autark.text.schema.JsonSchema;
import autark.text.template.CallFormat;
import autark.text.template.CallFormat.Opening;
import autark.text.template.Tool;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Which answers of a model that is offered tools may be written: a call, once begun, names one of
/// the tools, and its arguments are a JSON object of the tool's schema.
///
/// Where a schema asks for something that cannot be enforced, a strict tool is refused; the
/// arguments of another one are then any JSON object. Where each argument is written on its own,
/// they come in the order of the schema.
public final class CallLanguage {
    /// Bytes that an object may begin with.
    private static final byte OBJECT = '{';

    private final CallFormat format;
    private final List<Tool> tools;
    private final Count count;
    private final Outline outline = new Outline();

    /// How many calls an answer may hold.
    public enum Count {
        ONE,
        /// As many as the model likes, where its format has room for more than one.
        SEVERAL
    }

    private CallLanguage(CallFormat format, List<Tool> tools, Count count) {
        this.format = format;
        this.tools = tools;
        this.count = count;
    }

    /// Answers of calls alone, at least one.
    ///
    /// @throws GrammarException if it cannot be enforced
    public static Language<?> calls(CallFormat format, List<Tool> tools, Count count) {
        CallLanguage language = new CallLanguage(format, tools, count);
        int begin = language.outline.place();
        // Models that have thought leave a line empty.
        language.outline.way(Outline.FIRST, Regex.matching("\\n{0,2}").language(), begin);
        for (Opening opening : format.openings()) {
            language.addCalls(begin, opening, "");
        }
        return language.outline.language();
    }

    /// Answers of text, which may end in calls.
    ///
    /// @throws GrammarException if it cannot be enforced
    public static Language<?> callsOrText(CallFormat format, List<Tool> tools, Count count) {
        CallLanguage language = new CallLanguage(format, tools, count);
        String before = format.followsText() ? "[^]*" : "[ \\n\\t\\r]*";
        String triggers =
                format.openings().stream()
                        .map(opening -> quoted(opening.trigger()))
                        .collect(Collectors.joining("|", "(?:", ")"));
        Regex later = Regex.matching(before + triggers + "[^]+").complement();
        Regex never = Regex.matching(before + triggers + "[^]*").complement();
        language.outline.way(Outline.FIRST, never.language(), Outline.LAST);
        for (Opening opening : format.openings()) {
            int begun = language.outline.place();
            Regex text = Regex.matching(before + quoted(opening.trigger())).intersect(later);
            language.outline.way(Outline.FIRST, text.language(), begun);
            language.addCalls(begun, opening, opening.trigger());
        }
        return language.outline.language();
    }

    /// Answers of another language, or of calls.
    ///
    /// @throws GrammarException if it cannot be enforced
    public static Language<?> callsOr(
            Language<?> answer, CallFormat format, List<Tool> tools, Count count) {
        if (!format.followsText()) {
            throw new GrammarException(
                    "found tools and a format of the answer; a model that writes calls as %s writes"
                                    .formatted(format)
                            + " both alike, expected one of the two");
        }
        CallLanguage language = new CallLanguage(format, tools, count);
        language.outline.way(Outline.FIRST, answer, Outline.LAST);
        for (Opening opening : format.openings()) {
            language.addCalls(Outline.FIRST, opening, "");
        }
        return language.outline.language();
    }

    /// A text as a pattern that matches nothing else.
    private static String quoted(String text) {
        StringBuilder pattern = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    if ("^$\\.*+?()[]{}|/".indexOf(c) >= 0) {
                        pattern.append('\\');
                    }
                    pattern.appendCodePoint(c);
                });
        return pattern.toString();
    }

    /// Adds the ways from a place through one or more calls to the end.
    ///
    /// @param written how much of the opening and the first head stands before the place
    private void addCalls(int from, Opening opening, String written) {
        int end = outline.place();
        outline.way(end, format.closing(), Outline.LAST);
        for (Tool tool : tools) {
            int arguments = outline.place();
            int tail = outline.place();
            String start = opening.text() + format.head(tool.name());
            outline.way(from, start.substring(written.length()), arguments);
            addArguments(arguments, tool, tail);
            outline.way(tail, format.tail(), end);
            if (count == Count.SEVERAL && format.several()) {
                outline.way(end, format.separator() + format.head(tool.name()), arguments);
            }
        }
    }

    private void addArguments(int from, Tool tool, int to) {
        if (format.writesJson()) {
            outline.way(from, arguments(tool), to);
        } else {
            addParameters(from, tool, to);
        }
    }

    /// Parameters stand in the order of the schema.
    private void addParameters(int from, Tool tool, int to) {
        int at = from;
        try {
            if (tool.strict()) {
                Parameter.check(tool);
            }
            for (Parameter parameter : Parameter.of(tool)) {
                if (!parameter.isWritable()) {
                    throw new GrammarException(
                            "found the parameter '%s', expected one without '>' in its name"
                                    .formatted(parameter.name()));
                }
                int value = outline.place();
                int close = outline.place();
                int next = outline.place();
                outline.way(at, Parameter.OPEN + parameter.name() + Parameter.OPENED, value);
                outline.way(value, values(parameter, tool), close);
                outline.way(close, Parameter.CLOSE, next);
                if (!parameter.required()) {
                    outline.way(at, "", next);
                }
                at = next;
            }
        } catch (GrammarException e) {
            throw refused(tool, e);
        }
        outline.way(at, "", to);
    }

    private static Language<?> values(Parameter parameter, Tool tool) {
        try {
            return parameter.values();
        } catch (GrammarException e) {
            if (tool.strict()) {
                throw e;
            }
            return parameter.anyValues();
        }
    }

    private static GrammarException refused(Tool tool, GrammarException cause) {
        return new GrammarException(
                "the arguments of tool '%s' cannot be kept to its schema: %s"
                        .formatted(tool.name(), cause.getMessage()));
    }

    private static Language<?> arguments(Tool tool) {
        try {
            return checked(JsonSchema.parse(tool.argumentsSchema()).language());
        } catch (GrammarException e) {
            if (tool.strict()) {
                throw refused(tool, e);
            }
            return JsonSchema.anyObject().language();
        }
    }

    /// A language of JSON that has objects and nothing else.
    private static <S> Language<S> checked(Language<S> language) {
        S start = language.start();
        for (int value = 0; value < 256; value++) {
            Optional<S> next = language.next(start, (byte) value);
            if (next.isPresent() != (value == OBJECT)) {
                throw new GrammarException("found a schema not of objects alone, expected one");
            }
        }
        return language;
    }
}
