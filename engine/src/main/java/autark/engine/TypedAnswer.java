package autark.engine;

import autark.engine.typed.AnswerType;
import autark.engine.typed.MisfitException;

/// An answer that is a value of a Java type.
///
/// @param value the value
/// @param result the text that it was read from, and how that came about. If it did not end by
///   itself ([FinishReason#STOP]), the engine brought it to a valid end, and the value may lack
///   what the model would have gone on to say.
public record TypedAnswer<T>(T value, Result result) {
    /// Reads an answer.
    ///
    /// @throws AnswerCutOffException if it ends before it is a value
    /// @throws AnswerRefusedException if it is a value that the type refuses
    static <T> TypedAnswer<T> of(Result result, AnswerType<T> type) {
        try {
            return new TypedAnswer<>(type.read(result.text()), result);
        } catch (MisfitException e) {
            throw switch (e.kind()) {
                case NO_JSON -> new AnswerCutOffException(result, e);
                case NO_VALUE -> new AnswerRefusedException(result, e);
            };
        }
    }
}
