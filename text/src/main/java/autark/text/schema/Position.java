package autark.text.schema;

import java.util.List;
import java.util.Set;

/// Where in a JSON text one is.
sealed interface Position {
    /// Before a value.
    record BeforeValue(Slot slot, int gap) implements Position {}

    /// In `null`, `true` or `false`.
    record InWord(Slot slot, Json.Word word, int written) implements Position {}

    /// In a number, which ends where something else begins.
    record InNumber(Slot slot, String text) implements Position {}

    /// In a string.
    record InString(Slot slot, List<Reading> readings, Partial partial) implements Position {}

    /// What a string may become.
    ///
    /// @param state where in the goal's strings one is
    record Reading(Goal goal, int state) {}

    /// In an array, before its first item or after one.
    record InArray(Container container, Set<Strand.OfArray> strands, boolean empty, int gap)
            implements Position {}

    /// In an object, before its first member or after one.
    record InObject(Container container, Set<Strand.OfObject> strands, boolean empty, int gap)
            implements Position {}

    /// After the comma in an object.
    record BeforeKey(KeyMenu menu, int gap) implements Position {}

    /// In a key.
    record InKey(KeyMenu menu, String text, Partial partial) implements Position {}

    /// After a key.
    record AfterKey(Slot slot) implements Position {}

    /// After the answer.
    enum Done implements Position {
        DONE
    }
}
