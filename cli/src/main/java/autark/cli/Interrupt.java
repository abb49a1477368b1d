package autark.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// Hears Ctrl-C, or another signal, while it is open, instead of the process ending.
///
/// The one way to hear it in Java is `sun.misc.Signal` of module `jdk.unsupported`, and the
/// compiler warns of any use of that class with a warning that cannot be turned off. So it is
/// called by method handles. A Java without that module ends the process at Ctrl-C, as if this was
/// not there.
final class Interrupt implements AutoCloseable {
    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";
    private static final String CTRL_C = "INT";

    private final Runnable restore;

    private Interrupt(Runnable restore) {
        this.restore = restore;
    }

    /// Runs `action`, in a thread of its own, at each Ctrl-C until it is closed.
    static Interrupt calls(Runnable action) {
        return calls(CTRL_C, action);
    }

    /// The same at each signal of a name, as `TERM`.
    static Interrupt calls(String signalName, Runnable action) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> signal = lookup.findClass(SIGNAL);
            Class<?> handler = lookup.findClass(HANDLER);
            Object name =
                    lookup.findConstructor(signal, MethodType.methodType(void.class, String.class))
                            .invoke(signalName);
            MethodHandle handle =
                    lookup.findStatic(
                            signal, "handle", MethodType.methodType(handler, signal, handler));
            MethodHandle run =
                    lookup.findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                            .bindTo(action);
            Object called =
                    MethodHandleProxies.asInterfaceInstance(
                            handler, MethodHandles.dropArguments(run, 0, signal));
            Object previous = handle.invoke(name, called);
            return new Interrupt(() -> install(handle, name, previous));
        } catch (Throwable e) {
            // Ctrl-C then ends the process, which is what the class promises.
            return new Interrupt(() -> {});
        }
    }

    private static void install(MethodHandle handle, Object name, Object handler) {
        try {
            handle.invoke(name, handler);
        } catch (Throwable e) {
            throw new IllegalStateException("a handler of Ctrl-C cannot be put back", e);
        }
    }

    @Override
    public void close() {
        restore.run();
    }
}
