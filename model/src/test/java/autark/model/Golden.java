package autark.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One reference result: a model file, token ids and the logits that an independent implementation
/// computed, `[tokens, vocabSize]`.
public record Golden(Path model, int[] tokens, float[][] logits, double peerKl) {
    private static final Path FOLDER = Path.of("src/test/resources/golden");

    static Golden read(String folder, String name) {
        String json = text(FOLDER.resolve(folder).resolve(name + ".json"));
        int[] tokens = ints(json, "tokens");
        int[] shape = ints(json, "shape");
        Matcher peer =
                Pattern.compile("\"peer_mean_KL_of_int8_activations\": ([0-9.e-]+)").matcher(json);
        return new Golden(
                FOLDER.resolve(folder).resolve(name + ".gguf"),
                tokens,
                floats(FOLDER.resolve(folder).resolve(name + ".f32"), shape[1]),
                peer.find() ? Double.parseDouble(peer.group(1)) : Double.NaN);
    }

    static Path folder() {
        return FOLDER;
    }

    public static float[][] floats(Path file, int columns) {
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        float[][] rows = new float[bytes.remaining() / 4 / columns][columns];
        for (float[] row : rows) {
            for (int column = 0; column < columns; column++) {
                row[column] = bytes.getFloat();
            }
        }
        return rows;
    }

    /// Rows as a golden file holds them.
    public static byte[] bytes(float[][] rows) {
        ByteBuffer bytes =
                ByteBuffer.allocate(4 * rows.length * rows[0].length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : rows) {
            for (float value : row) {
                bytes.putFloat(value);
            }
        }
        return bytes.array();
    }

    private static int[] ints(String json, String key) {
        Matcher matcher = Pattern.compile("\"" + key + "\": \\[([^]]*)]").matcher(json);
        if (!matcher.find()) {
            throw new IllegalArgumentException("found no " + key + " in " + json);
        }
        return Arrays.stream(matcher.group(1).split(", ")).mapToInt(Integer::parseInt).toArray();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Mean Kullback-Leibler divergence of `found` from `expected`, in nats.
    public static double meanKl(float[][] expected, float[][] found) {
        double sum = 0;
        for (int row = 0; row < expected.length; row++) {
            double[] p = logSoftmax(expected[row]);
            double[] q = logSoftmax(found[row]);
            for (int i = 0; i < p.length; i++) {
                sum += Math.exp(p[i]) * (p[i] - q[i]);
            }
        }
        return sum / expected.length;
    }

    private static double[] logSoftmax(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double total = 0;
        for (float logit : logits) {
            total += Math.exp(logit - largest);
        }
        double[] result = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            result[i] = logits[i] - largest - Math.log(total);
        }
        return result;
    }

    static double maxDifference(float[][] expected, float[][] found) {
        double largest = 0;
        for (int row = 0; row < expected.length; row++) {
            for (int i = 0; i < expected[row].length; i++) {
                largest = Math.max(largest, Math.abs((double) expected[row][i] - found[row][i]));
            }
        }
        return largest;
    }
}
