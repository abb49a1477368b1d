package autark.engine;

import autark.text.call.CallParser;
import autark.text.call.CallParser.Place;
import autark.text.parse.ThinkingFormat;
import autark.text.parse.ThinkingParser;
import autark.text.template.CallFormat;
import autark.text.template.ChatTemplate;
import autark.text.template.Conversation;
import autark.text.token.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Turns prompts into tokens and prepares the reading of what follows them.
final class PromptReader {
    private final Tokenizer tokenizer;
    private final String templateSource;
    private final Clock clock;
    private @Nullable ChatTemplate parsedTemplate;
    private @Nullable CallMarks knownCallMarks;

    /// @param templateSource the chat template, empty if there is none; it is parsed when it is
    ///   first needed, for raw prompts work with a model whose template is broken
    PromptReader(Tokenizer tokenizer, String templateSource, Clock clock) {
        this.tokenizer = tokenizer;
        this.templateSource = templateSource;
        this.clock = clock;
    }

    /// A prompt, ready to run.
    ///
    /// @param prompt the text before it became tokens
    /// @param tokens what the model reads
    /// @param text makes text of what it writes
    /// @param tags how the model marks its thinking, if it thinks
    record Prepared(String prompt, int[] tokens, AnswerText text, Optional<ThinkingTags> tags) {}

    /// The tags around thinking as tokens.
    ///
    /// @param open the tag if it is one token
    /// @param close what closes the thinking
    record ThinkingTags(OptionalInt open, int[] close) {}

    Prepared prepare(Request request) {
        StopMatcher stops = new StopMatcher(request.stop().strings());
        return switch (request.prompt()) {
            case Prompt.Messages messages -> prepare(messages, request, stops);
            case Prompt.Text(String text) -> {
                checkNoTools(request.tools());
                yield continued(text, tokens(text, Tokenizer.Specials.PARSED), stops);
            }
            case Prompt.Tokens(List<Integer> ids) -> {
                checkNoTools(request.tools());
                int[] tokens = ids.stream().mapToInt(Integer::intValue).toArray();
                yield continued(textOf(tokens), tokens, stops);
            }
        };
    }

    private static void checkNoTools(Tools tools) {
        if (!tools.offered().isEmpty()) {
            throw new EngineException(
                    "found tools and a raw prompt, expected messages, which a chat template makes"
                            + " a prompt of");
        }
    }

    /// The text of tokens, what is no token of the vocabulary left out.
    private String textOf(int[] tokens) {
        int[] known =
                Arrays.stream(tokens)
                        .filter(token -> token >= 0 && token < tokenizer.vocabSize())
                        .toArray();
        return new String(tokenizer.decode(known), StandardCharsets.UTF_8);
    }

    private Prepared continued(String prompt, int[] tokens, StopMatcher stops) {
        return new Prepared(
                prompt,
                tokens,
                new AnswerText(tokenizer.newContinuationDecoder(), null, null, Map.of(), stops),
                Optional.empty());
    }

    private Prepared prepare(Prompt.Messages prompt, Request request, StopMatcher stops) {
        Tools tools = request.tools();
        if (prompt.messages().isEmpty()) {
            throw new EngineException("found no message, expected at least one");
        }
        ChatTemplate template = template();
        checkVariables(template, prompt.variables());
        Conversation conversation =
                new Conversation(
                        prompt.messages(),
                        tools.offered(),
                        prompt.variables(),
                        textOf(tokenizer.beginOfSequence()),
                        textOf(tokenizer.endOfSequence()));
        String text = template.render(conversation, LocalDateTime.now(clock));
        int[] tokens = tokens(text, Tokenizer.Specials.PARSED);
        Optional<ThinkingFormat> thinking = ThinkingFormat.of(templateSource);
        Map<Integer, String> marks = new HashMap<>();
        thinking.stream()
                .flatMap(format -> Stream.of(format.open(), format.close()))
                .forEach(tag -> single(tag).ifPresent(token -> marks.put(token, tag)));
        if (!tools.offered().isEmpty()) {
            marks.putAll(callMarks().tokens());
        }
        AnswerText answer =
                new AnswerText(
                        tokenizer.newStreamDecoder(),
                        thinking.map(format -> ThinkingParser.after(text, format)).orElse(null),
                        callParser(tools, request.format()),
                        marks,
                        stops);
        return new Prepared(text, tokens, answer, thinking.map(this::tags));
    }

    /// Null if no tool is offered. In a text of a format nothing but its start may be a call.
    private @Nullable CallParser callParser(Tools tools, Format format) {
        if (tools.offered().isEmpty()) {
            return null;
        }
        CallFormat calls = callMarks().format();
        if (calls == CallFormat.HARMONY) {
            throw new EngineException(
                    "tools: the model writes calls in the channels of gpt-oss, which are not read;"
                            + " ask without tools");
        }
        Place place = format instanceof Format.Free ? Place.ANYWHERE : Place.AT_START;
        return new CallParser(calls, tools.offered(), place);
    }

    /// How the model marks its calls.
    synchronized CallMarks callMarks() {
        if (knownCallMarks == null) {
            knownCallMarks = CallMarks.of(CallFormat.of(templateSource), tokenizer);
        }
        return knownCallMarks;
    }

    private ThinkingTags tags(ThinkingFormat format) {
        String closing = "\n" + format.close() + "\n\n";
        return new ThinkingTags(
                single(format.open()), tokenizer.encode(closing, Tokenizer.Specials.PARSED));
    }

    /// The token that is a tag.
    private OptionalInt single(String tag) {
        int[] tokens = tokenizer.encode(tag, Tokenizer.Specials.PARSED);
        return tokens.length == 1 ? OptionalInt.of(tokens[0]) : OptionalInt.empty();
    }

    boolean hasTemplate() {
        return !templateSource.isEmpty();
    }

    /// Variables that the template reads; none without one.
    Set<String> variables() {
        return hasTemplate() ? template().variables() : Set.of();
    }

    boolean thinks() {
        return ThinkingFormat.of(templateSource).isPresent();
    }

    private synchronized ChatTemplate template() {
        if (parsedTemplate == null) {
            if (!hasTemplate()) {
                throw new EngineException(
                        "the model has no chat template (tokenizer.chat_template), so it is"
                                + " not known how messages become a prompt; give a template, or a raw"
                                + " prompt, which the model continues as plain text");
            }
            parsedTemplate = ChatTemplate.parse(templateSource);
        }
        return parsedTemplate;
    }

    /// A variable that the template does not read would change nothing, and silently so.
    private static void checkVariables(ChatTemplate template, Map<String, ?> variables) {
        for (String name : variables.keySet()) {
            if (name.equals("tools")) {
                throw new EngineException(
                        "template variable 'tools': found tools among the variables, expected them"
                                + " as the tools of the request");
            }
            if (!template.variables().contains(name)) {
                throw new EngineException(
                        "template variable '%s' is unknown: the chat template reads %s"
                                .formatted(name, template.variables()));
            }
        }
    }

    private String textOf(OptionalInt token) {
        return token.isPresent() ? tokenizer.piece(token.getAsInt()) : "";
    }

    /// The tokens of a text, with the begin of the sequence if the model expects it and the text
    /// did not bring it.
    int[] tokens(String text, Tokenizer.Specials specials) {
        int[] tokens = tokenizer.encode(text, specials);
        OptionalInt begin = begin();
        if (begin.isEmpty() || (tokens.length > 0 && tokens[0] == begin.getAsInt())) {
            return tokens;
        }
        int[] all = new int[tokens.length + 1];
        all[0] = begin.getAsInt();
        System.arraycopy(tokens, 0, all, 1, tokens.length);
        return all;
    }

    /// The token that the model expects before each text.
    OptionalInt begin() {
        return tokenizer.addsBeginOfSequence() ? tokenizer.beginOfSequence() : OptionalInt.empty();
    }
}
