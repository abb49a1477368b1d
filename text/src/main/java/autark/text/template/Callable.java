package autark.text.template;

/// A value that can be called. It has no text: printing a function is a mistake.
sealed interface Callable extends Value permits Function, Method, Macro, Loop {
    Value call(Arguments arguments, Rendering rendering);

    @Override
    default boolean truth() {
        return true;
    }
}
