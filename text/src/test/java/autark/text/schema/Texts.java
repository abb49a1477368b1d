package autark.text.schema;

import autark.text.grammar.GrammarException;
import autark.text.grammar.Language;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SplittableRandom;

/// Reads and writes texts of a language.
final class Texts {
    /// As many as a power of two, so that any odd stride meets all.
    private static final byte[] USUAL =
            "{}[]\":,\"\"0123456789-.eE \n\tabcdefghmnprstuvxy_ADEQUWZ\\/+é漢😀"
                    .getBytes(StandardCharsets.UTF_8);

    private Texts() {}

    static boolean allows(JsonSchema schema, String text) {
        return contains(schema.language(), text.getBytes(StandardCharsets.UTF_8));
    }

    static <S> boolean contains(Language<S> language, byte[] text) {
        S state;
        try {
            state = language.start();
        } catch (GrammarException e) {
            return false; // no text belongs
        }
        for (byte value : text) {
            Optional<S> next = language.next(state, value);
            if (next.isEmpty()) {
                return false;
            }
            state = next.get();
        }
        return language.complete(state);
    }

    /// A text that is written by chance and then completed.
    static <S> byte[] walk(Language<S> language, SplittableRandom random) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        S state = language.start();
        for (int left = random.nextInt(100); left > 0; left--) {
            int from = random.nextInt(USUAL.length);
            int stride = random.nextInt(32) * 2 + 1;
            Optional<S> next = Optional.empty();
            for (int tries = 0; tries < USUAL.length && next.isEmpty(); tries++) {
                byte value = USUAL[(from + tries * stride) % USUAL.length];
                next = language.next(state, value);
                if (next.isPresent()) {
                    text.write(value);
                }
            }
            if (next.isEmpty()) {
                break;
            }
            state = next.get();
        }
        text.writeBytes(language.completion(state));
        return text.toByteArray();
    }

    /// How often a byte is allowed after itself, strings aside.
    static <S> int insist(Language<S> language, byte value) {
        int times = 0;
        Optional<S> state = Optional.of(language.start());
        while (times < 1_000_000) {
            state = state.flatMap(at -> language.next(at, value));
            if (state.isEmpty()) {
                return times;
            }
            times++;
        }
        return times;
    }
}
