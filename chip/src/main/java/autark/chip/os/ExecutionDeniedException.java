package autark.chip.os;

/// The system does not let this process make executable memory.
public final class ExecutionDeniedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ExecutionDeniedException(String function, int error) {
        super(
                "the system refuses executable memory (%s: error %d), so kernels run in plain Java"
                        .formatted(function, error));
    }
}
