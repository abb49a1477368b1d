import org.jspecify.annotations.NullMarked;

/// Everything that knows the CPU: quantized formats, kernels, worker pool, aligned memory.
@NullMarked
module autark.chip {
    requires static org.jspecify;

    exports autark.chip;
    exports autark.chip.quant;
}
