package autark.model;

/// The largest ranks of an adapter's pairs, which buffers are made for; 0 where nothing is adapted.
///
/// @param layers of the projections inside layers
/// @param output of the projection to the vocabulary
record AdapterRanks(int layers, int output) {
    static AdapterRanks none() {
        return new AdapterRanks(0, 0);
    }
}
