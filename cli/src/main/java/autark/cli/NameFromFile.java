package autark.cli;

import autark.engine.store.ModelName;
import autark.engine.store.StoreException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name that a model gets from its file: `SmolLM2-135M-Instruct.Q4_1.gguf` becomes
/// `smollm2-135m-instruct:q4_1`.
final class NameFromFile {
    /// A storage type at the end, which becomes the tag.
    private static final Pattern TYPE =
            Pattern.compile("(.+?)[.-]((?:i?q[2-8]|f16|f32|bf16|mxfp4)[a-z0-9_]*)");

    private static final int PART_CHARACTER_LIMIT = 64;

    private NameFromFile() {}

    /// @throws CommandException if nothing in the file name can be a name
    static ModelName of(String fileName) {
        String plain =
                fileName.toLowerCase(Locale.ROOT)
                        .replaceFirst("\\.gguf$", "")
                        .replaceAll("[^a-z0-9._-]+", "-");
        Matcher typed = TYPE.matcher(plain);
        try {
            return typed.matches()
                    ? new ModelName(part(typed.group(1)), part(typed.group(2)))
                    : new ModelName(part(plain), ModelName.DEFAULT_TAG);
        } catch (StoreException e) {
            throw new CommandException(
                    "no name can be made of the file name " + plain + "; give one: --name");
        }
    }

    private static String part(String text) {
        String begun = text.replaceFirst("^[._-]+", "");
        String cut = begun.substring(0, Math.min(begun.length(), PART_CHARACTER_LIMIT));
        return cut.replaceFirst("[._-]+$", "");
    }
}
