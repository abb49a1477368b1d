package autark.server.openai;

import autark.server.http.Fields;
import java.util.Optional;
import java.util.Set;

/// Reads what all routes that write text have in common, and what says something to somebody else.
final class CommonFields {
    private static final int METADATA_MAX = 16;
    private static final int METADATA_KEY_CHARS_MAX = 64;
    private static final int METADATA_VALUE_CHARS_MAX = 512;

    private CommonFields() {}

    /// Takes what changes nothing here: who the user is, and what asks for what is done anyway.
    ///
    /// @throws autark.server.http.ApiException if it asks for something else
    static void accept(Fields body) {
        body.text("user");
        body.text("safety_identifier");
        body.text("prompt_cache_key");
        metadata(body);
        body.word("service_tier", Set.of("auto", "default"));
    }

    /// What a client notes beside a request, which comes back with it where it is kept.
    static Optional<Fields> metadata(Fields body) {
        Optional<Fields> metadata = body.object("metadata");
        if (metadata.isPresent()) {
            for (String name : metadata.get().names()) {
                boolean fits =
                        name.length() <= METADATA_KEY_CHARS_MAX
                                && metadata.get().requiredText(name).length()
                                        <= METADATA_VALUE_CHARS_MAX;
                if (!fits) {
                    throw body.invalid(
                            "metadata", "expected keys of 64 characters and values of 512 at most");
                }
            }
            if (metadata.get().names().size() > METADATA_MAX) {
                throw body.invalid("metadata", "expected at most 16 entries");
            }
        }
        return metadata;
    }

    /// Whether the last event shall tell the tokens.
    static boolean streamUsage(Fields body, boolean stream) {
        Optional<Fields> options = streamOptions(body, stream);
        boolean usage = options.flatMap(some -> some.flag("include_usage")).orElse(false);
        options.ifPresent(Fields::end);
        return usage;
    }

    /// How a stream shall be, but for what only some routes know.
    static Optional<Fields> streamOptions(Fields body, boolean stream) {
        Optional<Fields> options = body.object("stream_options");
        if (options.isPresent() && !stream) {
            throw body.invalid("stream_options", "found it without stream");
        }
        options.ifPresent(
                some -> some.expect("include_obfuscation", "false", "pieces are sent as they are"));
        return options;
    }
}
