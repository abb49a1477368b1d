package autark.chip.os;

/// The system does not let this process make executable memory.
public final class ExecutionDeniedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ExecutionDeniedException(String call, int errno) {
        super("%s failed with error %d; kernels run in plain Java".formatted(call, errno));
    }
}
