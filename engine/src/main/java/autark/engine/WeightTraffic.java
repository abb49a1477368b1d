package autark.engine;

import autark.model.Config;
import autark.model.file.Gguf;
import autark.model.file.TensorInfo;

/// How many bytes of weights a model reads for one token: what memory bandwidth is spent on.
public final class WeightTraffic {
    private static final String EMBEDDING = "token_embd.weight";
    private static final String OUTPUT = "output.weight";

    /// Part of the names of tensors that hold all experts of a layer.
    private static final String EXPERTS = "_exps.";

    private WeightTraffic() {}

    /// Bytes for one token, as the file stores them. Of the experts only those count that a token
    /// uses, of the embedding one row, unless it is the output projection, too.
    ///
    /// @throws autark.model.file.ModelFormatException if the file holds no model that Autark runs
    public static long bytesPerToken(Gguf file) {
        Config config = Config.read(file);
        boolean tied = file.tensor(OUTPUT).isEmpty();
        long bytes = 0;
        for (TensorInfo tensor : file.tensors()) {
            if (tensor.name().equals(EMBEDDING) && !tied) {
                bytes += tensor.bytes() / tensor.rows();
            } else if (tensor.name().contains(EXPERTS)) {
                bytes += tensor.bytes() / config.expertCount() * config.expertUsedCount();
            } else {
                bytes += tensor.bytes();
            }
        }
        return bytes;
    }
}
