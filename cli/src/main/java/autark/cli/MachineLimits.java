package autark.cli;

import autark.chip.Kernels;
import autark.chip.MemoryBandwidth;
import autark.chip.MultiplyRate;
import autark.chip.WorkerPool;
import java.util.OptionalDouble;

/// What the machine gives.
///
/// @param bandwidth bytes a second, if there was memory to measure with
/// @param multiplyAdds a second
record MachineLimits(OptionalDouble bandwidth, double multiplyAdds) {
    static MachineLimits measure(int threadCount, Kernels kernels) {
        try (WorkerPool pool = WorkerPool.start(threadCount)) {
            return new MachineLimits(
                    MemoryBandwidth.bytesPerSecond(pool), MultiplyRate.perSecond(kernels, pool));
        }
    }
}
