package autark.engine;

import autark.text.template.CallFormat;
import autark.text.template.CallFormat.Opening;
import autark.text.token.Tokenizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How a model marks its calls.
///
/// @param format what it writes
/// @param tokens those marks that are control tokens, with the text that they stand for: a decoder
///   gives none for them
record CallMarks(CallFormat format, Map<Integer, String> tokens) {
    static CallMarks of(CallFormat format, Tokenizer tokenizer) {
        List<String> texts = new ArrayList<>();
        for (Opening opening : format.openings()) {
            texts.add(opening.text());
        }
        texts.addAll(List.of(format.head("f"), format.tail(), format.separator()));
        texts.add(format.closing());
        Map<Integer, String> tokens = new HashMap<>();
        for (String text : texts) {
            for (int token : tokenizer.encode(text, Tokenizer.Specials.PARSED)) {
                boolean control = tokenizer.bytes(token).length == 0;
                if (control && text.contains(tokenizer.piece(token))) {
                    tokens.put(token, tokenizer.piece(token));
                }
            }
        }
        return new CallMarks(format, Map.copyOf(tokens));
    }
}
