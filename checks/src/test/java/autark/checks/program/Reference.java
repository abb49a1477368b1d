package autark.checks.program;

import autark.checks.Repository;
import autark.model.Golden;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// What an independent implementation computed for the default model on a real text. The README
/// beside the files says which one.
///
/// @param positions the positions in `tokens` whose logits are stored
/// @param top10Logits the ten largest logits of each position of `tokens`, largest first
/// @param top10 the tokens of `top10Logits`
record Reference(
        String sha256,
        String text,
        int[] tokens,
        int[] positions,
        int[][] top10,
        float[][] top10Logits,
        double peerMeanKl,
        float[][] logits) {
    static final Path FOLDER = Repository.root().resolve("model/src/test/resources/golden/real");

    private record Peer(double mean_KL) {}

    private record File(
            String sha256,
            String text,
            int[] tokens,
            int[] positions,
            List<Integer> shape,
            int[][] top10,
            float[][] top10_logits,
            Peer peer_int8_activations) {}

    static Reference read() {
        Path json = FOLDER.resolve("smollm2-135m-instruct.json");
        File file = JsonMapper.shared().readValue(Repository.read(json), File.class);
        return new Reference(
                file.sha256(),
                file.text(),
                file.tokens(),
                file.positions(),
                file.top10(),
                file.top10_logits(),
                file.peer_int8_activations().mean_KL(),
                Golden.floats(FOLDER.resolve("smollm2-135m-instruct.f32"), file.shape().get(1)));
    }
}
