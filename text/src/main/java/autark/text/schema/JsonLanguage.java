package autark.text.schema;

import autark.text.grammar.GrammarException;
import autark.text.grammar.Language;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The JSON texts whose value meets a goal.
///
/// The nesting of a JSON text is seen in the text itself, so one stack of arrays and objects serves
/// all alternatives: each level holds the set of [Strand]s that the text so far may be part of.
/// When a value ends, the goals that it meets choose the strands that go on. A strand is let into
/// the set only if it can be brought to an end from there; so every state is alive, and dead ends
/// never have to be undone.
final class JsonLanguage implements Language<JsonState> {
    private final Goals goals;
    private final Goal root;

    JsonLanguage(Goals goals, Goal root) {
        this.goals = goals;
        this.root = root;
    }

    @Override
    public JsonState start() {
        if (!root.fits(Limits.DEPTH)) {
            throw new GrammarException(
                    "the schema allows no value that can be written; a part of it contradicts another");
        }
        return new JsonState(new BeforeValue(Slot.root(root), Gap.CLOSED), "");
    }

    @Override
    public Optional<JsonState> next(JsonState state, byte value) {
        Position position = state.position();
        int octet = value & 0xFF;
        if (position instanceof InNumber(Slot slot, String text)) {
            Optional<Position> longer = inNumber(slot, text, octet);
            if (longer.isPresent()) {
                return Optional.of(recorded(longer.get(), state.recorded(), octet));
            }
            Slot met = slot.only(goal -> NumberText.ends(goal.numbers(), text));
            if (met.isEmpty() || met.container().isEmpty()) {
                return Optional.empty();
            }
            JsonState ended = ended(met, state.recorded());
            return step(ended, octet);
        }
        return step(state, octet);
    }

    /// The state after a number that is whole, inside an array or object.
    JsonState afterNumber(JsonState state) {
        if (state.position() instanceof InNumber(Slot slot, String text)) {
            Slot met = slot.only(goal -> NumberText.ends(goal.numbers(), text));
            return ended(met, state.recorded());
        }
        throw new IllegalArgumentException("in no number");
    }

    private Optional<JsonState> step(JsonState state, int octet) {
        String recorded = state.recorded();
        return switch (state.position()) {
            case BeforeValue(Slot slot, int gap) -> {
                int after = Gap.after(gap, octet, slot.depth());
                yield after == Gap.WRONG
                        ? value(slot, recorded, octet)
                        : some(new BeforeValue(slot, after), recorded, octet);
            }
            case InWord(Slot slot, Json.Word word, int written) ->
                    inWord(slot, word, written, recorded, octet);
            case InNumber _ -> throw new IllegalStateException("a number is read by next()");
            case InString at -> inString(at, recorded, octet);
            case InArray at -> inArray(at, recorded, octet);
            case InObject at -> inObject(at, recorded, octet);
            case BeforeKey(KeyMenu menu, int gap) -> {
                int after = Gap.after(gap, octet, menu.container().depth());
                yield after != Gap.WRONG
                        ? some(new BeforeKey(menu, after), recorded, octet)
                        : octet == '"'
                                ? some(new InKey(menu, "", Partial.NONE), recorded, octet)
                                : Optional.empty();
            }
            case InKey at -> inKey(at, recorded, octet);
            case AfterKey(Slot slot) ->
                    octet == ':'
                            ? some(new BeforeValue(slot, Gap.BLANK), recorded, octet)
                            : Optional.empty();
            case Done _ -> Optional.empty();
        };
    }

    private static Optional<JsonState> some(Position position, String recorded, int octet) {
        return Optional.of(recorded(position, recorded, octet));
    }

    /// The state at a position; the byte that led there is remembered where an array around it has
    /// to know its items.
    private static JsonState recorded(Position position, String recorded, int octet) {
        boolean records =
                switch (position) {
                    case BeforeValue at -> records(at.slot());
                    case InWord at -> records(at.slot());
                    case InNumber at -> records(at.slot());
                    case InString at -> records(at.slot());
                    case AfterKey at -> records(at.slot());
                    case InArray at -> at.container().isRecording();
                    case InObject at -> at.container().isRecording();
                    case BeforeKey at -> at.menu().container().isRecording();
                    case InKey at -> at.menu().container().isRecording();
                    case Done _ -> false;
                };
        return new JsonState(position, records ? recorded + (char) octet : "");
    }

    private static boolean records(Slot slot) {
        return slot.container().map(Container::isRecording).orElse(false);
    }

    private Optional<JsonState> value(Slot slot, String recorded, int octet) {
        return switch (octet) {
            case 'n' -> word(slot, Json.Word.NULL, recorded, octet);
            case 't' -> word(slot, Json.Word.TRUE, recorded, octet);
            case 'f' -> word(slot, Json.Word.FALSE, recorded, octet);
            case '"' -> string(slot, recorded, octet);
            case '[' -> array(slot, recorded, octet);
            case '{' -> object(slot, recorded, octet);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
                    inNumber(slot, "", octet).flatMap(p -> some(p, recorded, octet));
            default -> Optional.empty();
        };
    }

    private static Optional<JsonState> word(Slot slot, Json.Word word, String recorded, int octet) {
        Slot left = slot.only(goal -> goal.words().contains(word));
        return left.isEmpty() ? Optional.empty() : some(new InWord(left, word, 1), recorded, octet);
    }

    private Optional<JsonState> inWord(
            Slot slot, Json.Word word, int written, String recorded, int octet) {
        String spelling = word.spelling();
        if (octet != spelling.charAt(written)) {
            return Optional.empty();
        }
        return written + 1 < spelling.length()
                ? some(new InWord(slot, word, written + 1), recorded, octet)
                : Optional.of(ended(slot, recorded, octet));
    }

    private static Optional<Position> inNumber(Slot slot, String text, int octet) {
        if ("+-.0123456789eE".indexOf(octet) < 0) {
            return Optional.empty();
        }
        String longer = text + (char) octet;
        Slot left = slot.only(goal -> NumberText.begins(goal.numbers(), longer));
        if (left.isEmpty()) {
            return Optional.empty();
        }
        boolean faceless = !records(left);
        for (Goal goal : left.goals()) {
            faceless &= goal.numbers().isAll() || goal.numbers().isIntegers();
        }
        return Optional.of(new InNumber(left, faceless ? NumberText.faceless(longer) : longer));
    }

    private static Optional<JsonState> string(Slot slot, String recorded, int octet) {
        List<Reading> readings = new ArrayList<>();
        for (Goal goal : slot.goals()) {
            if (!goal.strings().isEmpty()) {
                readings.add(new Reading(goal, goal.strings().start()));
            }
        }
        return inString(slot, readings, Partial.NONE, recorded, octet);
    }

    private static Optional<JsonState> inString(
            Slot slot, List<Reading> readings, Partial partial, String recorded, int octet) {
        if (readings.isEmpty()) {
            return Optional.empty();
        }
        Set<Goal> left = new LinkedHashSet<>();
        readings.forEach(reading -> left.add(reading.goal()));
        return some(new InString(slot.only(left::contains), readings, partial), recorded, octet);
    }

    private Optional<JsonState> inString(InString at, String recorded, int octet) {
        Partial.Step step = at.partial().step(octet);
        List<Reading> left = new ArrayList<>();
        for (Reading reading : at.readings()) {
            Words words = reading.goal().strings();
            switch (step.codePoint()) {
                case Partial.WRONG -> {}
                case Partial.END -> {
                    if (words.accepting(reading.state())) {
                        left.add(reading);
                    }
                }
                case Partial.OPEN -> {
                    if (goesOn(words, reading.state(), step.partial())) {
                        left.add(reading);
                    }
                }
                default -> {
                    int next = words.next(reading.state(), step.codePoint());
                    if (next != Words.DEAD) {
                        left.add(new Reading(reading.goal(), next));
                    }
                }
            }
        }
        if (step.codePoint() == Partial.END && !left.isEmpty()) {
            Set<Goal> met = new LinkedHashSet<>();
            left.forEach(reading -> met.add(reading.goal()));
            return Optional.of(ended(at.slot().only(met::contains), recorded, octet));
        }
        return inString(at.slot(), left, step.partial(), recorded, octet);
    }

    private static boolean goesOn(Words words, int state, Partial partial) {
        int[] ranges = partial.ranges();
        for (int i = 0; i < ranges.length; i += 2) {
            if (words.goesOn(state, ranges[i], ranges[i + 1])) {
                return true;
            }
        }
        return false;
    }

    private static Optional<JsonState> array(Slot slot, String recorded, int octet) {
        Set<Strand.OfArray> strands = new LinkedHashSet<>();
        boolean distinct = false;
        int levels = Limits.DEPTH - slot.depth() - 1;
        for (Goal goal : slot.goals()) {
            for (ArrayShape shape : levels < 0 ? List.<ArrayShape>of() : goal.arrays()) {
                if (shape.canBegin(levels)) {
                    strands.add(new Strand.OfArray(goal, shape, 0, 0));
                    distinct |= shape.isDistinct();
                }
            }
        }
        if (strands.isEmpty()) {
            return Optional.empty();
        }
        Set<Goal> left = new LinkedHashSet<>();
        strands.forEach(strand -> left.add(strand.owner()));
        // The text is remembered from the bracket on if an array around asks for it.
        int start = records(slot) ? recorded.length() + 1 : 0;
        Container container = Container.array(slot.only(left::contains), distinct, start);
        return records(slot)
                ? some(new InArray(container, strands, true, Gap.FREE), recorded, octet)
                : Optional.of(new JsonState(new InArray(container, strands, true, Gap.FREE), ""));
    }

    private static Optional<JsonState> object(Slot slot, String recorded, int octet) {
        Set<Strand.OfObject> strands = new LinkedHashSet<>();
        int levels = Limits.DEPTH - slot.depth() - 1;
        for (Goal goal : slot.goals()) {
            for (ObjectShape shape : levels < 0 ? List.<ObjectShape>of() : goal.objects()) {
                if (shape.canBegin(levels)) {
                    strands.add(new Strand.OfObject(goal, shape, 0));
                }
            }
        }
        if (strands.isEmpty()) {
            return Optional.empty();
        }
        Set<Goal> left = new LinkedHashSet<>();
        strands.forEach(strand -> left.add(strand.owner()));
        Container container = Container.object(slot.only(left::contains));
        return some(new InObject(container, strands, true, Gap.FREE), recorded, octet);
    }

    private Optional<JsonState> inArray(InArray at, String recorded, int octet) {
        int after = Gap.after(at.gap(), octet, at.container().depth());
        if (after != Gap.WRONG) {
            return inArrayGap(at, after, recorded, octet);
        }
        if (octet == ']') {
            Set<Goal> met = new LinkedHashSet<>();
            for (Strand.OfArray strand : at.strands()) {
                if (strand.canEnd()) {
                    met.add(strand.owner());
                }
            }
            Slot slot = at.container().slot().only(met::contains);
            return slot.isEmpty() ? Optional.empty() : Optional.of(ended(slot, recorded, octet));
        }
        if (!at.empty() && (octet != ',' || at.gap() != Gap.FREE)) {
            return Optional.empty();
        }
        Container container = at.container();
        boolean outermost = container.isDistinct() && !records(container.slot());
        Slot slot = ItemMenu.slot(container, at.strands());
        if (slot.isEmpty()) {
            return Optional.empty();
        }
        if (at.empty()) {
            return value(slot, outermost ? "" : recorded, octet);
        }
        BeforeValue next = new BeforeValue(slot, Gap.FREE);
        return outermost ? Optional.of(new JsonState(next, "")) : some(next, recorded, octet);
    }

    private static Optional<JsonState> inArrayGap(InArray at, int gap, String recorded, int octet) {
        Set<Strand.OfArray> left = new LinkedHashSet<>(at.strands());
        if (!at.empty()) {
            left.removeIf(strand -> !strand.canEnd());
        }
        return left.isEmpty()
                ? Optional.empty()
                : some(new InArray(at.container(), left, at.empty(), gap), recorded, octet);
    }

    private Optional<JsonState> inObject(InObject at, String recorded, int octet) {
        Container container = at.container();
        int after = Gap.after(at.gap(), octet, container.depth());
        if (after != Gap.WRONG || octet == '}') {
            Set<Strand.OfObject> left = new LinkedHashSet<>(at.strands());
            if (!at.empty() || octet == '}') {
                left.removeIf(s -> !s.shape().canEnd(container.keys(), s.counts()));
            }
            if (left.isEmpty()) {
                return Optional.empty();
            }
            if (octet != '}') {
                return some(new InObject(container, left, at.empty(), after), recorded, octet);
            }
            Set<Goal> met = new LinkedHashSet<>();
            left.forEach(strand -> met.add(strand.owner()));
            return Optional.of(ended(container.slot().only(met::contains), recorded, octet));
        }
        boolean key = at.empty() && octet == '"';
        if (!key && (at.empty() || octet != ',' || at.gap() != Gap.FREE)) {
            return Optional.empty();
        }
        KeyMenu menu = new KeyMenu(container, at.strands());
        if (menu.isEmpty()) {
            return Optional.empty();
        }
        return key
                ? some(new InKey(menu, "", Partial.NONE), recorded, octet)
                : some(new BeforeKey(menu, Gap.FREE), recorded, octet);
    }

    private static Optional<JsonState> inKey(InKey at, String recorded, int octet) {
        Partial.Step step = at.partial().step(octet);
        if (step.codePoint() == Partial.WRONG) {
            return Optional.empty();
        }
        if (step.codePoint() == Partial.END) {
            return at.menu().slot(at.text()).flatMap(s -> some(new AfterKey(s), recorded, octet));
        }
        String text =
                step.codePoint() == Partial.OPEN
                        ? at.text()
                        : at.text() + Character.toString(step.codePoint());
        return at.menu().goesOn(text, step.partial())
                ? some(new InKey(at.menu(), text, step.partial()), recorded, octet)
                : Optional.empty();
    }

    /// The state after the last byte of a value.
    private JsonState ended(Slot met, String recorded, int octet) {
        return ended(met, records(met) ? recorded + (char) octet : "");
    }

    /// The state after a value that meets all goals of `met`.
    private static JsonState ended(Slot met, String recorded) {
        Optional<Container> around = met.container();
        if (around.isEmpty()) {
            return new JsonState(Done.DONE, "");
        }
        Container container = around.get();
        List<Strand> after = met.after(_ -> true);
        if (!container.isArray()) {
            Set<Strand.OfObject> strands = new LinkedHashSet<>();
            after.forEach(strand -> strands.add((Strand.OfObject) strand));
            return new JsonState(new InObject(container, strands, false, Gap.FREE), recorded);
        }
        Set<Strand.OfArray> strands = new LinkedHashSet<>();
        after.forEach(strand -> strands.add((Strand.OfArray) strand));
        if (!container.isDistinct()) {
            return new JsonState(new InArray(container, strands, false, Gap.FREE), recorded);
        }
        Json item = item(recorded.substring(container.itemStart()));
        boolean outermost = !records(container.slot());
        // After the comma the next item begins.
        Container longer = container.withItem(item, outermost ? 0 : recorded.length() + 1);
        return new JsonState(
                new InArray(longer, strands, false, Gap.FREE), outermost ? "" : recorded);
    }

    private static Json item(String recorded) {
        byte[] utf8 = recorded.getBytes(StandardCharsets.ISO_8859_1);
        return JsonReader.read(new String(utf8, StandardCharsets.UTF_8));
    }

    @Override
    public boolean complete(JsonState state) {
        return state.position() == Done.DONE
                || state.position() instanceof InNumber(Slot slot, String text)
                        && slot.container().isEmpty()
                        && !slot.only(goal -> NumberText.ends(goal.numbers(), text)).isEmpty();
    }

    @Override
    public byte[] completion(JsonState state) {
        return new Ending(this, goals).of(state);
    }
}
