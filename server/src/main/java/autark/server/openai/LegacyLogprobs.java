package autark.server.openai;

import autark.engine.sample.TokenLogprob;
import autark.server.desk.TokenTexts;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The log-probabilities of one choice of a text completion, part by part.
final class LegacyLogprobs {
    private static final int CONTINUATION_MASK = 0xC0;
    private static final int CONTINUATION = 0x80;

    private final TokenTexts tokens;

    /// Characters of the tokens so far.
    private int offset;

    LegacyLogprobs(TokenTexts tokens) {
        this.tokens = tokens;
    }

    /// What stands before what is told, in characters.
    void skip(String text) {
        offset += text.codePointCount(0, text.length());
    }

    /// The part of tokens that were drawn; those without text are left out.
    ObjectNode written(List<TokenLogprob> logprobs) {
        Part part = new Part();
        for (TokenLogprob logprob : logprobs) {
            if (tokens.isText(logprob.token())) {
                part.add(logprob);
            }
        }
        return part.told;
    }

    /// The part of a prompt and the tokens behind it.
    ///
    /// @param prompt its tokens; the first has nothing before it by which it could be likely
    /// @param logprobs of the others
    ObjectNode echoed(
            List<Integer> prompt, List<TokenLogprob> logprobs, List<TokenLogprob> written) {
        Part part = new Part();
        part.addFirst(prompt.getFirst());
        logprobs.forEach(part::add);
        written.stream().filter(one -> tokens.isText(one.token())).forEach(part::add);
        return part.told;
    }

    private final class Part {
        private final ObjectNode told = JsonNodeFactory.instance.objectNode();
        private final ArrayNode texts = told.putArray("tokens");
        private final ArrayNode values = told.putArray("token_logprobs");
        private final ArrayNode tops = told.putArray("top_logprobs");
        private final ArrayNode offsets = told.putArray("text_offset");

        void addFirst(int token) {
            place(token);
            values.addNull();
            tops.addNull();
        }

        void add(TokenLogprob logprob) {
            place(logprob.token());
            values.add(TokenTexts.told(logprob.logprob()));
            ObjectNode top = tops.addObject();
            for (TokenLogprob.Ranked ranked : logprob.top()) {
                top.put(tokens.text(ranked.token()), TokenTexts.told(ranked.logprob()));
            }
            top.put(tokens.text(logprob.token()), TokenTexts.told(logprob.logprob()));
        }

        private void place(int token) {
            texts.add(tokens.text(token));
            offsets.add(offset);
            if (!tokens.isText(token)) {
                return;
            }
            for (byte value : tokens.bytes(token)) {
                // a character counts where it begins
                offset += (value & CONTINUATION_MASK) == CONTINUATION ? 0 : 1;
            }
        }
    }
}
