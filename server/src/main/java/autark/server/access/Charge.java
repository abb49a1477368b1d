package autark.server.access;

/// What was set aside for an answer.
@FunctionalInterface
public interface Charge {
    /// Puts the true cost in the place of what was set aside. It is called exactly once; an answer
    /// that never began has a receipt without choices.
    void settle(Receipt receipt);
}
