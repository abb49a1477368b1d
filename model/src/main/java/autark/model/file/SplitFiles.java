package autark.model.file;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The files that one model is split over: `name-00001-of-00003.gguf` and so on, each with its
/// number and their count in its metadata. A model in one file has one.
///
/// The names of the parts come from the name of the first, never from the file's content.
record SplitFiles(Path first, int count) {
    static final int COUNT_MAX = 1_024;

    private static final Pattern NAME = Pattern.compile("(.*)-\\d{5}-of-\\d{5}\\.gguf");
    private static final String COUNT_KEY = "split.count";
    private static final String NUMBER_KEY = "split.no";
    private static final String TENSOR_COUNT_KEY = "split.tensors.count";

    /// The files of the model whose first part has this path and metadata.
    static SplitFiles of(Path path, Metadata metadata) {
        int count = metadata.intValue(COUNT_KEY, 1);
        if (count < 1 || count > COUNT_MAX) {
            throw metadata.unexpected(COUNT_KEY, "1 to " + COUNT_MAX);
        }
        SplitFiles split = new SplitFiles(path, count);
        if (count > 1) {
            int number = metadata.intValue(NUMBER_KEY);
            Path first = split.part(0);
            if (number != 0) {
                throw metadata.unexpected(NUMBER_KEY, "0; open the first part, " + first);
            }
            if (!first.equals(path)) {
                throw metadata.unexpected(COUNT_KEY, "the file to be named " + first);
            }
        }
        return split;
    }

    /// Path of a part, counted from 0.
    Path part(int index) {
        String name = first.getFileName().toString();
        Matcher matcher = NAME.matcher(name);
        String stem = matcher.matches() ? matcher.group(1) : name.replaceFirst("\\.gguf$", "");
        return first.resolveSibling("%s-%05d-of-%05d.gguf".formatted(stem, index + 1, count));
    }

    /// Refuses a part that belongs to another split or stands in another's place.
    void check(int index, Metadata metadata) {
        if (metadata.intValue(COUNT_KEY) != count) {
            throw metadata.unexpected(COUNT_KEY, "%d as in %s".formatted(count, first));
        }
        if (metadata.intValue(NUMBER_KEY) != index) {
            throw metadata.unexpected(NUMBER_KEY, "%d by its name".formatted(index));
        }
    }

    /// Refuses parts that have more or fewer tensors together than the first one says.
    void checkTensorCount(int tensorCount, Metadata metadata) {
        if (count > 1
                && metadata.has(TENSOR_COUNT_KEY)
                && metadata.intValue(TENSOR_COUNT_KEY) != tensorCount) {
            throw metadata.unexpected(
                    TENSOR_COUNT_KEY, "%d as in all parts together".formatted(tensorCount));
        }
    }
}
