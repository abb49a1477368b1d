package autark.text.call;

/// Reads the arguments of one call while they are written.
sealed interface ArgumentsReader permits ObjectScanner, ParameterReader {
    /// Takes what it can from the start of `text` and adds it to `json` as part of a JSON object.
    void read(StringBuilder text, StringBuilder json);

    /// Whether the object is whole.
    boolean ended();
}
