package autark.text.schema;

/// That a fact is met, or that it is not.
record Claim(Fact fact, boolean met) {
    Claim opposite() {
        return new Claim(fact, !met);
    }
}
