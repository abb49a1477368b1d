package autark.chip;

import java.util.List;

/// This machine lacks the kernel set that was asked for.
public final class MissingKernelsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MissingKernelsException(String name, List<Kernels> available) {
        super(
                "found kernel set \"%s\", expected one that this machine has: %s"
                        .formatted(
                                name,
                                String.join(", ", available.stream().map(Kernels::name).toList())));
    }
}
