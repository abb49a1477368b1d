package autark.server.own;

import autark.engine.Engine;
import autark.engine.Request;
import autark.server.desk.Desk;
import autark.server.desk.Seat;
import autark.server.http.Exchange;
import autark.server.http.Fields;
import autark.server.http.Reply;
import autark.server.models.ModelCard;
import autark.text.token.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/tokenize`, `/detokenize` and `/apply-template`: texts as a model reads them.
final class Tokens {
    private static final int TOKENS_MAX = 1 << 18;
    private static final int CONTENT_CHARS_MAX = 1 << 20;

    private final Desk desk;
    private final BiFunction<Fields, Engine, Request> prompts;

    /// @param prompts reads messages and tools of a body
    Tokens(Desk desk, BiFunction<Fields, Engine, Request> prompts) {
        this.desk = desk;
        this.prompts = prompts;
    }

    /// The tokens of a text.
    void tokenize(Exchange exchange) {
        exchange.endQuery();
        Fields body = Fields.of(exchange.body());
        String content = body.requiredText("content");
        if (content.length() > CONTENT_CHARS_MAX) {
            throw body.invalid(
                    "content",
                    "found %d characters, expected at most %d"
                            .formatted(content.length(), CONTENT_CHARS_MAX));
        }
        boolean special = body.flag("add_special").orElse(false);
        boolean parsed = body.flag("parse_special").orElse(true);
        boolean pieces = body.flag("with_pieces").orElse(false);
        try (Seat seat = seat(exchange, body)) {
            body.end();
            Tokenizer tokenizer = seat.engine().tokenizer();
            List<Integer> tokens = new ArrayList<>();
            if (special && tokenizer.addsBeginOfSequence()) {
                tokenizer.beginOfSequence().ifPresent(tokens::add);
            }
            for (int token :
                    tokenizer.encode(
                            content,
                            parsed ? Tokenizer.Specials.PARSED : Tokenizer.Specials.AS_TEXT)) {
                tokens.add(token);
            }
            if (special && tokenizer.addsEndOfSequence()) {
                tokenizer.endOfSequence().ifPresent(tokens::add);
            }
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            ArrayNode list = answer.putArray("tokens");
            for (int token : tokens) {
                if (pieces) {
                    list.addObject().put("id", token).set("piece", piece(tokenizer, token));
                } else {
                    list.add(token);
                }
            }
            exchange.reply(Reply.json(answer));
        }
    }

    /// The text of a token, or its bytes where they are no whole characters.
    private static JsonNode piece(Tokenizer tokenizer, int token) {
        byte[] bytes = tokenizer.decode(token);
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return JsonNodeFactory.instance.stringNode(text);
        } catch (CharacterCodingException e) {
            ArrayNode values = JsonNodeFactory.instance.arrayNode();
            for (byte value : bytes) {
                values.add(value & 0xFF);
            }
            return values;
        }
    }

    /// The text of tokens; what is no whole character shows as U+FFFD.
    void detokenize(Exchange exchange) {
        exchange.endQuery();
        Fields body = Fields.of(exchange.body());
        List<JsonNode> ids = body.array("tokens", TOKENS_MAX);
        try (Seat seat = seat(exchange, body)) {
            body.end();
            Tokenizer tokenizer = seat.engine().tokenizer();
            int[] tokens = new int[ids.size()];
            for (int i = 0; i < tokens.length; i++) {
                JsonNode id = ids.get(i);
                OptionalInt token =
                        id.isInt() ? OptionalInt.of(id.intValue()) : OptionalInt.empty();
                if (token.isEmpty()
                        || token.getAsInt() < 0
                        || token.getAsInt() >= tokenizer.vocabSize()) {
                    throw body.invalid(
                            "tokens[%d]".formatted(i),
                            "expected the id of a token, 0 to " + (tokenizer.vocabSize() - 1));
                }
                tokens[i] = token.getAsInt();
            }
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.put("content", new String(tokenizer.decode(tokens), StandardCharsets.UTF_8));
            exchange.reply(Reply.json(answer));
        }
    }

    /// The prompt that the chat template makes of messages.
    void applyTemplate(Exchange exchange) {
        exchange.endQuery();
        Fields body = Fields.of(exchange.body());
        try (Seat seat = seat(exchange, body)) {
            String prompt =
                    Seat.told(() -> {
                        Request asked = prompts.apply(body, seat.engine());
                        body.end();
                        return seat.engine().read(asked).text();
                    });
            exchange.reply(Reply.json(JsonNodeFactory.instance.objectNode().put("prompt", prompt)));
        }
    }

    /// A place before the model that the body names, or before the only one.
    private Seat seat(Exchange exchange, Fields body) {
        List<ModelCard> offered = desk.offered(exchange.caller());
        String model =
                body.text("model")
                        .orElseGet(() -> {
                            if (offered.size() != 1) {
                                throw body.missing("model");
                            }
                            return offered.getFirst().name();
                        });
        return desk.seat(exchange, model);
    }
}
