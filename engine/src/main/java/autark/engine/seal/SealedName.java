package autark.engine.seal;

/// What a sealed file is bound to. Under another tenant or another name it does not open.
///
/// @param tenant whose file it is
/// @param file the name of the file
public record SealedName(String tenant, String file) {
    /// The fields of this name, with their lengths, after a tag that says what they are for.
    byte[] tagged(String tag) {
        return Fields.of(tag, Fields.utf8(tenant), Fields.utf8(file));
    }
}
