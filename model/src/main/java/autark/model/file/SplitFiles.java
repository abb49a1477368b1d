package autark.model.file;

import java.nio.file.Path;

/// The files that one model is split over: `name-00001-of-00003.gguf` and so on, each with its
/// number and their count in its metadata. A model in one file has one.
///
/// The names of the parts come from the name of the first, never from the file's content.
record SplitFiles(Path first, String stem, int count) {
    static final int COUNT_MAX = 1_024;

    private static final String COUNT_KEY = "split.count";
    private static final String NUMBER_KEY = "split.no";
    private static final String TENSOR_COUNT_KEY = "split.tensors.count";

    /// The files of the model whose first part has this path and metadata.
    static SplitFiles of(Path path, Metadata metadata) {
        int count = metadata.intValue(COUNT_KEY, 1);
        if (count < 1 || count > COUNT_MAX) {
            throw metadata.unexpected(COUNT_KEY, "1 to " + COUNT_MAX);
        }
        if (count == 1) {
            return new SplitFiles(path, "", 1);
        }
        int number = metadata.intValue(NUMBER_KEY);
        String name = String.valueOf(path.getFileName());
        String suffix = suffix(number, count);
        if (!name.endsWith(suffix)) {
            throw metadata.unexpected(
                    COUNT_KEY,
                    "the file to be named NAME%s beside the other parts".formatted(suffix));
        }
        SplitFiles split =
                new SplitFiles(path, name.substring(0, name.length() - suffix.length()), count);
        if (number != 0) {
            throw metadata.unexpected(NUMBER_KEY, "0; open the first part " + split.part(0));
        }
        return split;
    }

    private static String suffix(int index, int count) {
        return "-%05d-of-%05d.gguf".formatted(index + 1, count);
    }

    /// Path of a part, counted from 0.
    Path part(int index) {
        return first.resolveSibling(stem + suffix(index, count));
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
