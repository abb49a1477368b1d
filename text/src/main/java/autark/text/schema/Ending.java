package autark.text.schema;

import autark.text.schema.Position.AfterKey;
import autark.text.schema.Position.BeforeKey;
import autark.text.schema.Position.BeforeValue;
import autark.text.schema.Position.Done;
import autark.text.schema.Position.InArray;
import autark.text.schema.Position.InKey;
import autark.text.schema.Position.InNumber;
import autark.text.schema.Position.InObject;
import autark.text.schema.Position.InString;
import autark.text.schema.Position.InWord;
import autark.text.schema.Position.Reading;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Brings a text to a short end: the token at hand first, then what each open array and object
/// still needs. Every piece is read back by the language itself, so that the end is one of its
/// texts.
final class Ending {
    private final JsonLanguage language;
    private final Goals goals;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

    Ending(JsonLanguage language, Goals goals) {
        this.language = language;
        this.goals = goals;
    }

    byte[] of(JsonState start) {
        JsonState state = start;
        while (!language.complete(state)) {
            for (byte octet : piece(state)) {
                text.write(octet);
                state =
                        language.next(state, octet)
                                .orElseThrow(() -> new IllegalStateException("no end: " + text));
            }
        }
        return text.toByteArray();
    }

    private byte[] piece(JsonState state) {
        return switch (state.position()) {
            case BeforeValue(Slot slot, int _) -> bytes(value(slot));
            case InWord(Slot _, Json.Word word, int written) ->
                    bytes(word.spelling().substring(written));
            case InNumber(Slot slot, String number) -> {
                // Inside an array or object a number ends by what follows it.
                String rest = number(slot, number);
                yield rest.isEmpty() ? piece(language.afterNumber(state)) : bytes(rest);
            }
            case InString at -> string(at);
            case InArray at -> bytes(array(at));
            case InObject at -> bytes(object(at));
            case BeforeKey(KeyMenu menu, int _) -> bytes(member(menu));
            case InKey at -> key(at);
            case AfterKey _ -> bytes(":");
            case Done _ -> throw new IllegalStateException("the text has ended");
        };
    }

    private static byte[] bytes(String piece) {
        return piece.getBytes(StandardCharsets.UTF_8);
    }

    /// The shortest value of the flattest goals.
    private String value(Slot slot) {
        int levels = Limits.DEPTH - slot.depth();
        String best = null;
        int height = Integer.MAX_VALUE;
        for (Goal goal : slot.goals()) {
            if (goal.fits(levels) && goal.height() <= height) {
                String found = value(goal);
                if (best == null || goal.height() < height || found.length() < best.length()) {
                    best = found;
                }
                height = goal.height();
            }
        }
        if (best == null) {
            throw new IllegalStateException("no value");
        }
        return best;
    }

    private String value(Goal goal) {
        int height = goal.height();
        if (height == 0) {
            return scalar(goal);
        }
        for (ArrayShape shape : goal.arrays()) {
            if (shape.canBegin(height - 1)) {
                return "[" + items(shape, height - 1) + "]";
            }
        }
        for (ObjectShape shape : goal.objects()) {
            if (shape.canBegin(height - 1)) {
                return "{" + members(shape, height - 1) + "}";
            }
        }
        throw new IllegalStateException("no value");
    }

    private static String scalar(Goal goal) {
        List<String> ways = new ArrayList<>();
        Optional<BigDecimal> number = goal.numbers().plainest(NumberPiece.ALL);
        number.ifPresent(value -> ways.add(value.toPlainString()));
        Words strings = goal.strings();
        if (!strings.isEmpty()) {
            ways.add(quoted(strings.completion(strings.start())));
        }
        goal.words().forEach(word -> ways.add(word.spelling()));
        String best = ways.getFirst();
        for (String way : ways) {
            best = way.length() < best.length() ? way : best;
        }
        return best;
    }

    /// Where equal items are forbidden each is chosen beside the ones before.
    private String items(ArrayShape shape, int levels) {
        StringBuilder items = new StringBuilder();
        Set<Json> written = new LinkedHashSet<>();
        for (Goal goal : shape.plan(0, 0, Set.of(), levels).orElseThrow()) {
            String item = value(goals.beside(goal, written));
            if (shape.isDistinct()) {
                written.add(JsonReader.read(item));
            }
            items.append(items.isEmpty() ? "" : ",").append(item);
        }
        return items.toString();
    }

    private String members(ObjectShape shape, int levels) {
        List<ObjectShape.Step> plan = shape.plan(Set.of(), 0, levels).orElseThrow();
        StringBuilder members = new StringBuilder();
        Set<String> used = new LinkedHashSet<>();
        for (ObjectShape.Step step : plan) {
            step.group().name().ifPresent(used::add);
        }
        for (ObjectShape.Step step : plan) {
            String key = step.group().name().orElseGet(() -> shape.fresh(step.group(), used));
            used.add(key);
            members.append(members.isEmpty() ? "" : ",").append(quoted(key)).append(":");
            members.append(value(step.goal()));
        }
        return members.toString();
    }

    private static String number(Slot slot, String number) {
        String best = null;
        for (Goal goal : slot.goals()) {
            String rest = NumberText.completion(goal.numbers(), number);
            best = best == null || rest.length() < best.length() ? rest : best;
        }
        if (best == null) {
            throw new IllegalStateException("no number");
        }
        return best;
    }

    private static byte[] string(InString at) {
        Partial partial = at.partial();
        Reading reading = at.readings().getFirst();
        Words words = reading.goal().strings();
        if (partial.form() == Partial.Form.NONE) {
            String rest = words.completion(reading.state());
            for (Reading other : at.readings()) {
                String way = other.goal().strings().completion(other.state());
                rest = way.length() < rest.length() ? way : rest;
            }
            return bytes(escaped(rest) + "\"");
        }
        int[] ranges = partial.ranges();
        for (int i = 0; i < ranges.length; i += 2) {
            int found = words.first(reading.state(), ranges[i], ranges[i + 1]);
            if (found >= 0) {
                return partial.rest(found);
            }
        }
        throw new IllegalStateException("no character");
    }

    private static byte[] key(InKey at) {
        if (at.partial().form() == Partial.Form.NONE) {
            Optional<String> rest = at.menu().completion(at.text());
            if (rest.isPresent()) {
                return bytes(escaped(rest.get()) + "\"");
            }
        }
        int[] ranges = at.partial().ranges();
        for (int i = 0; i < ranges.length; i += 2) {
            int low = Math.max(ranges[i], at.partial().form() == Partial.Form.NONE ? 'a' : 0);
            OptionalInt found = at.menu().next(at.text(), low, ranges[i + 1]);
            if (found.isEmpty()) {
                found = at.menu().next(at.text(), ranges[i], ranges[i + 1]);
            }
            if (found.isPresent()) {
                int codePoint = found.getAsInt();
                return at.partial().form() == Partial.Form.NONE
                        ? bytes(escaped(Character.toString(codePoint)))
                        : at.partial().rest(codePoint);
            }
        }
        throw new IllegalStateException("no key");
    }

    private String array(InArray at) {
        List<Goal> best = null;
        Container container = at.container();
        for (Strand.OfArray strand : at.strands()) {
            Set<Json> items = strand.shape().isDistinct() ? container.items() : Set.of();
            Optional<List<Goal>> plan =
                    strand.shape().plan(strand.place(), strand.counts(), items, container.levels());
            if (plan.isPresent() && (best == null || plan.get().size() < best.size())) {
                best = plan.get();
            }
        }
        if (best == null || best.isEmpty()) {
            return "]";
        }
        return (at.empty() ? "" : ",") + value(best.getFirst());
    }

    private String object(InObject at) {
        return member(at.container(), at.strands())
                .map(member -> (at.empty() ? "" : ",") + member)
                .orElse("}");
    }

    /// A member where one has to come, needed or not.
    private String member(KeyMenu menu) {
        return member(menu.container(), menu.strands()).orElse("\"");
    }

    /// The next member that the alternative with the fewest needs; nothing if one needs none.
    private Optional<String> member(Container container, Set<Strand.OfObject> strands) {
        List<ObjectShape.Step> best = null;
        ObjectShape shape = null;
        for (Strand.OfObject strand : strands) {
            Optional<List<ObjectShape.Step>> plan =
                    strand.shape().plan(container.keys(), strand.counts(), container.levels());
            if (plan.isPresent() && (best == null || plan.get().size() < best.size())) {
                best = plan.get();
                shape = strand.shape();
            }
        }
        if (shape == null || best == null || best.isEmpty()) {
            return Optional.empty();
        }
        ObjectShape.Step step = best.getFirst();
        Optional<String> name = step.group().name();
        String key = name.isPresent() ? name.get() : shape.fresh(step.group(), container.keys());
        return Optional.of(quoted(key) + ":" + value(step.goal()));
    }

    private static String quoted(String plain) {
        return "\"" + escaped(plain) + "\"";
    }

    private static String escaped(String plain) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < plain.length(); i++) {
            char character = plain.charAt(i);
            if (character == '"' || character == '\\') {
                escaped.append('\\').append(character);
            } else if (character < ' ') {
                escaped.append("\\u%04x".formatted((int) character));
            } else {
                escaped.append(character);
            }
        }
        return escaped.toString();
    }
}
