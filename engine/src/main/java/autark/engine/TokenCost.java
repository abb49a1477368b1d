package autark.engine;

import autark.chip.KvShape;
import autark.chip.KvType;
import autark.model.Config;
import autark.model.file.Gguf;
import autark.model.file.TensorInfo;

/// What a model asks of the machine for one token: bytes, on which memory bandwidth is spent when
/// tokens are written one by one, and multiplications with addition, which limit how fast a prompt
/// is read.
public final class TokenCost {
    private static final String EMBEDDING = "token_embd.weight";
    private static final String OUTPUT = "output.weight";

    /// Part of the names of tensors that hold all experts of a layer.
    private static final String EXPERTS = "_exps.";

    private TokenCost() {}

    /// Bytes of weights for one token, as the file stores them. Of the experts only those count
    /// that a token uses, of the embedding one row, unless it is the output projection, too.
    ///
    /// @throws autark.model.file.ModelFormatException if the file holds no model that Autark runs
    public static long weightBytes(Gguf file) {
        return weightBytes(file, 1);
    }

    /// The same for a step of so many tokens, which read what they share once. Of the experts as
    /// many count as the tokens use on average if each chooses at random.
    ///
    /// @throws autark.model.file.ModelFormatException if the file holds no model that Autark runs
    public static long weightBytes(Gguf file, int tokenCount) {
        Config config = Config.read(file);
        boolean tied = file.tensor(OUTPUT).isEmpty();
        long bytes = 0;
        for (TensorInfo tensor : file.tensors()) {
            if (tensor.name().equals(EMBEDDING) && !tied) {
                bytes += tensor.bytes() / tensor.rows() * tokenCount;
            } else if (tensor.name().contains(EXPERTS)) {
                bytes += Math.round(tensor.bytes() * usedShare(config, tokenCount));
            } else {
                bytes += tensor.bytes();
            }
        }
        return bytes;
    }

    private static double usedShare(Config config, int tokenCount) {
        double unusedByOne = 1 - (double) config.expertUsedCount() / config.expertCount();
        return 1 - Math.pow(unusedByOne, tokenCount);
    }

    /// Bytes of keys and values that a token at position `position` reads if every layer sees all
    /// positions; layers with a window read less.
    public static long keyValueBytes(Gguf file, KvType type, int position) {
        Config config = Config.read(file);
        KvShape shape = new KvShape(config.kvHeadCount(), config.headDim(), type);
        long tokenBytes = shape.blockBytes() / KvShape.BLOCK_TOKENS;
        return tokenBytes * config.layerCount() * (position + 1);
    }

    /// Multiplications with addition in the products of a prompt's token with matrices of integer
    /// types: those that the limit of int8 codes holds for. Its logits are not wanted.
    ///
    /// @throws autark.model.file.ModelFormatException if the file holds no model that Autark runs
    public static long promptMultiplyAdds(Gguf file) {
        Config config = Config.read(file);
        long count = 0;
        for (TensorInfo tensor : file.tensors()) {
            long elements = tensor.columns() * tensor.rows();
            boolean matrix = tensor.rows() > 1 && !tensor.type().isFloat();
            if (matrix && tensor.name().contains(EXPERTS)) {
                count += elements / config.expertCount() * config.expertUsedCount();
            } else if (matrix
                    && !tensor.name().equals(EMBEDDING)
                    && !tensor.name().equals(OUTPUT)) {
                count += elements;
            }
        }
        return count;
    }

    /// The same of a token whose logits are wanted, as those of a token that is written are.
    ///
    /// @throws autark.model.file.ModelFormatException if the file holds no model that Autark runs
    public static long writtenMultiplyAdds(Gguf file) {
        return promptMultiplyAdds(file)
                + file.tensor(OUTPUT)
                        .or(() -> file.tensor(EMBEDDING))
                        .filter(tensor -> !tensor.type().isFloat())
                        .map(tensor -> tensor.columns() * tensor.rows())
                        .orElse(0L);
    }
}
