package autark.engine.store;

/// Where a model came from and under which licence.
///
/// @param source for instance `hf:owner/repository/file` or `file:/home/me/model.gguf`
/// @param licence its name, for instance `apache-2.0`, or `unknown`
public record Origin(String source, String licence) {}
