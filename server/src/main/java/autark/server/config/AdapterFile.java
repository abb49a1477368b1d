package autark.server.config;

import java.nio.file.Path;

/// A low-rank adapter that makes another model of one.
///
/// @param model the name of the model that it adapts
/// @param file a GGUF file, or a folder of the PEFT library
public record AdapterFile(String model, Path file) {}
