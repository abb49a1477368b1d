package autark.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads whole texts by a language.
final class Languages {
    private Languages() {}

    static boolean contains(Language<?> language, String text) {
        return contains(language, text.getBytes(StandardCharsets.UTF_8));
    }

    static <S> boolean contains(Language<S> language, byte[] text) {
        Optional<S> state = after(language, text);
        return state.isPresent() && language.complete(state.get());
    }

    static <S> Optional<S> after(Language<S> language, byte[] text) {
        S state = language.start();
        for (byte value : text) {
            Optional<S> next = language.next(state, value);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            state = next.get();
        }
        return Optional.of(state);
    }

    /// What completes a text; checked to complete it.
    static <S> String completed(Language<S> language, String text) {
        byte[] start = text.getBytes(StandardCharsets.UTF_8);
        S state = after(language, start).orElseThrow();
        byte[] rest = language.completion(state);
        byte[] whole = new byte[start.length + rest.length];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(rest, 0, whole, start.length, rest.length);
        assertThat(contains(language, whole)).isTrue();
        return new String(rest, StandardCharsets.UTF_8);
    }
}
