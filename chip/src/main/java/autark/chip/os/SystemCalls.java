package autark.chip.os;

/// Functions of the operating system, called by name. Tests put a system of their own in its place,
/// so that the order of calls and each failure can be tried on any machine.
@FunctionalInterface
interface SystemCalls {
    /// What a call gave.
    ///
    /// @param value the function's result as the register holds it; only the lower half counts for
    ///   a function that returns 32 bits
    /// @param error the thread's error number right behind the call, of a meaning only if it failed
    record Result(long value, int error) {}

    /// Most arguments of a call.
    int ARGUMENT_COUNT_MAX = 6;

    /// Calls a function whose arguments are integers and addresses, up to [#ARGUMENT_COUNT_MAX].
    Result call(String function, long... arguments);
}
