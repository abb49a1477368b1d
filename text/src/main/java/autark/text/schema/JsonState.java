package autark.text.schema;

/// Where a reader of [JsonLanguage] stands.
///
/// @param recorded the text of the items that are being written in arrays without equal ones, a
///   character for each byte; empty elsewhere
record JsonState(Position position, String recorded) {}
