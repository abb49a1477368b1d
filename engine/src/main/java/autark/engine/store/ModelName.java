package autark.engine.store;

import java.util.Comparator;
import java.util.regex.Pattern;

/// The name of a model in the store: `name:tag`, for instance `smollm2:135m`. Without a tag it is
/// `latest`.
///
/// Name and tag hold lower-case ASCII letters, digits and `.`, `_`, `-`, at most 64 of them; they
/// begin with a letter or digit and do not end in a dot. Names of Windows devices (`con`, `nul`)
/// are refused on every system, so that a store can be carried anywhere. A name is therefore always
/// a harmless single component of a path, and two names never differ by case alone.
///
/// @param name what stands before the colon
/// @param tag what stands after it
public record ModelName(String name, String tag) implements Comparable<ModelName> {
    /// The tag of a name that is given without one.
    public static final String DEFAULT_TAG = "latest";

    private static final Pattern PART = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9_-])?");
    private static final Pattern DEVICE =
            Pattern.compile("(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");
    private static final Comparator<ModelName> ORDER =
            Comparator.comparing(ModelName::name).thenComparing(ModelName::tag);

    public ModelName {
        check(name, name);
        check(tag, name + ":" + tag);
    }

    /// Reads `name` or `name:tag`.
    ///
    /// @throws StoreException if the text is no model name
    public static ModelName parse(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new ModelName(text, DEFAULT_TAG)
                : new ModelName(text.substring(0, colon), text.substring(colon + 1));
    }

    @Override
    public int compareTo(ModelName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return name + ":" + tag;
    }

    private static void check(String part, String whole) {
        if (!PART.matcher(part).matches() || DEVICE.matcher(part).matches()) {
            throw new StoreException(
                    "not a model name: %s; expected name:tag of lower-case letters, digits, . _ -"
                            .formatted(Shown.of(whole)));
        }
    }
}
