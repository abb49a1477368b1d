package autark.model;

import autark.chip.KvShape;
import autark.chip.Rows;
import autark.chip.quant.TiledMatrix;
import autark.model.file.Gguf;
import autark.model.file.TensorInfo;
import java.util.List;

/// The memory that a model takes at least, told by the header of its file alone: so that a model
/// which cannot fit is refused before a weight is read, and not killed by the system in the middle.
///
/// Keys and values grow with the sequences, so only the first block of one sequence counts.
///
/// @param weightBytes weights as the kernels read them
/// @param bufferBytes buffers of the largest step
/// @param keyValueBytes keys and values of the first positions of one sequence
public record MemoryNeed(long weightBytes, long bufferBytes, long keyValueBytes) {
    /// What the program takes beside the model.
    public static final long PROGRAM_BYTES = 64L << 20;

    private static final long BYTES_PER_MEGABYTE = 1_000_000;

    /// Of the weights alone, those of the adapter among them.
    static MemoryNeed ofWeights(Gguf file, Adapter adapter, Config config, int lanes) {
        long bytes = adapter.bytes(lanes);
        for (TensorInfo tensor : file.tensors()) {
            bytes += weightBytes(tensor, config, lanes);
        }
        return new MemoryNeed(bytes, 0, 0);
    }

    /// Of a model that runs steps of at most so many tokens and outputs.
    public static MemoryNeed of(
            Gguf file, ModelOptions options, int maxStepTokens, int maxOutputs) {
        Config config = Config.read(file);
        KvShape block = new KvShape(config.kvHeadCount(), config.headDim(), options.kvType());
        try (Adapter adapter = Adapter.open(options, file, config)) {
            return new MemoryNeed(
                    ofWeights(file, adapter, config, options.kernels().lanes()).weightBytes(),
                    Scratch.bytes(config, adapter.ranks(), maxStepTokens, maxOutputs),
                    config.layerCount() * block.blockBytes());
        }
    }

    /// Matrices are filled up to whole tiles, each expert by itself; vectors become 32-bit floats,
    /// those of the rotary embedding on Java's heap. A matrix that the loader splits may take a few
    /// rows more.
    private static long weightBytes(TensorInfo tensor, Config config, int lanes) {
        List<Long> shape = tensor.shape();
        if (shape.size() == 1) {
            int width = (int) Math.min(Integer.MAX_VALUE, tensor.columns());
            return tensor.name().startsWith("rope_") ? 0 : Rows.bytes(1, width);
        }
        int matrixCount = shape.size() == 3 ? Math.max(1, config.expertCount()) : 1;
        int rows = (int) Math.min(Integer.MAX_VALUE, tensor.rows() / matrixCount);
        int columns = (int) Math.min(Integer.MAX_VALUE, tensor.columns());
        boolean whole = columns % tensor.type().blockElements() == 0;
        return whole ? matrixCount * TiledMatrix.bytes(tensor.type(), rows, columns, lanes) : 0;
    }

    /// All of it, the program included.
    public long bytes() {
        return weightBytes + bufferBytes + keyValueBytes + PROGRAM_BYTES;
    }

    /// Refuses a model that cannot fit.
    ///
    /// @param model how to call it
    /// @param availableBytes what the process may have
    /// @throws MemoryShortageException if it needs more
    public void check(String model, long availableBytes) {
        if (bytes() > availableBytes) {
            throw new MemoryShortageException(
                    "%s: needs %d MB of memory (weights %d, buffers %d, first keys and values %d, program %d), found %d MB; take a smaller model or one of fewer bits a weight, or free memory"
                            .formatted(
                                    model,
                                    megabytes(bytes()),
                                    megabytes(weightBytes),
                                    megabytes(bufferBytes),
                                    megabytes(keyValueBytes),
                                    megabytes(PROGRAM_BYTES),
                                    availableBytes / BYTES_PER_MEGABYTE));
        }
    }

    private static long megabytes(long bytes) {
        return Math.ceilDiv(bytes, BYTES_PER_MEGABYTE);
    }
}
