package autark.text.template;

import autark.text.template.Value.Str;

/// Escapes texts for HTML, for the filters `escape` and `safe`.
final class Html {
    private Html() {}

    /// The text as markup; what is markup stays as it is.
    static Str escaped(Str str, Rendering rendering) {
        return str.markup() ? str : new Str(escape(str.text(), rendering), true);
    }

    static String escape(String text, Rendering rendering) {
        rendering.chargeScan(text);
        TextBuilder escaped = new TextBuilder(rendering);
        int plainFrom = 0;
        for (int i = 0; i < text.length(); i++) {
            String entity =
                    switch (text.charAt(i)) {
                        case '&' -> "&amp;";
                        case '<' -> "&lt;";
                        case '>' -> "&gt;";
                        case '"' -> "&#34;";
                        case '\'' -> "&#39;";
                        default -> "";
                    };
            if (!entity.isEmpty()) {
                escaped.append(text, plainFrom, i).append(entity);
                plainFrom = i + 1;
            }
        }
        return escaped.append(text, plainFrom, text.length()).toString();
    }
}
