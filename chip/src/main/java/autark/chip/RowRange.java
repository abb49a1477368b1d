package autark.chip;

/// Consecutive rows of a matrix.
///
/// @param first index of the first one
/// @param end index behind the last one
public record RowRange(int first, int end) {
    public int count() {
        return end - first;
    }
}
