package autark.engine.typed;

/// A record that a class loader of its own can load.
record Movable(String name) {}
