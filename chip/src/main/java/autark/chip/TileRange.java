package autark.chip;

/// Consecutive tiles of a matrix.
///
/// @param first index of the first one
/// @param end index behind the last one
public record TileRange(int first, int end) {
    public int count() {
        return end - first;
    }
}
