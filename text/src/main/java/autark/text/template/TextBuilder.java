package autark.text.template;

import autark.text.template.Value.Str;

/// Builds a text piece by piece and pays for it piece by piece, so that no text gets longer than it
/// may.
final class TextBuilder {
    private final Rendering rendering;
    private final StringBuilder text = new StringBuilder();

    TextBuilder(Rendering rendering) {
        this.rendering = rendering;
    }

    TextBuilder append(String piece) {
        return append(piece, 0, piece.length());
    }

    TextBuilder append(String piece, int start, int end) {
        reserve(end - start);
        text.append(piece, start, end);
        return this;
    }

    TextBuilder append(char character) {
        reserve(1);
        text.append(character);
        return this;
    }

    TextBuilder repeat(String piece, int count) {
        reserve((long) piece.length() * Math.max(count, 0));
        text.repeat(piece, Math.max(count, 0));
        return this;
    }

    private void reserve(long length) {
        long total = text.length() + length;
        if (total > Limits.MAX_TEXT_CHARS) {
            rendering.reserveText(total);
        }
        // Pieces are often shorter than a step: the steps are counted where the sum crosses one.
        rendering.charge(
                total / Limits.COPIED_CHARS_PER_STEP
                        - text.length() / Limits.COPIED_CHARS_PER_STEP);
    }

    /// Pays for converting each character of a text that is appended then.
    void chargeConversion(String converted) {
        rendering.chargeConversion(converted);
    }

    /// Pays for what it takes to make the next piece.
    void charge(long cost) {
        rendering.charge(cost);
    }

    @Override
    public String toString() {
        return text.toString();
    }

    Str toStr() {
        return new Str(text.toString());
    }
}
