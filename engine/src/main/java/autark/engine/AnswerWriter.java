package autark.engine;

import autark.engine.PromptReader.ThinkingTags;
import autark.engine.sample.Logprobs;
import autark.engine.sample.Sampler;
import autark.engine.sample.TokenHistory;
import autark.engine.sample.TokenLogprob;
import autark.engine.schedule.LogitRow;
import autark.engine.schedule.TokenList;
import autark.engine.schedule.Work;
import autark.engine.schedule.Writer;
import autark.text.parse.Segment;
import autark.text.template.ToolCall;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Draws the tokens of one answer and gives their text to its stream.
///
/// A token comes from one of three sources: the engine itself, where it closes the thinking; the
/// [Sampler], free while the model thinks; and the sampler within what the [FormatGate] allows,
/// once the answer has begun.
final class AnswerWriter implements Writer {
    private static final long[] ALL = {};

    /// What an answer is made with.
    ///
    /// @param gate keeps the answer in its format, if it has one
    /// @param tags how the model marks its thinking, if it thinks
    /// @param endTokens tokens that end it
    /// @param maxTokens most tokens to draw
    /// @param contextLength most tokens of prompt and answer
    record Rules(
            Sampler sampler,
            AnswerText text,
            Optional<FormatGate> gate,
            Optional<ThinkingTags> tags,
            Set<Integer> endTokens,
            Thinking thinking,
            Scoring scoring,
            int promptTokens,
            int maxTokens,
            int contextLength) {}

    private final Rules rules;
    private final AnswerText text;
    private final TokenStream stream;
    private final Runnable ended;
    private final List<TokenLogprob> promptLogprobs = new ArrayList<>();
    private final ArrayDeque<Integer> closingTag = new ArrayDeque<>();
    private int thoughtTokens;
    private int[] generated = {};

    /// @param ended is run at the end
    AnswerWriter(Rules rules, TokenStream stream, Runnable ended) {
        this.rules = rules;
        this.text = rules.text();
        this.stream = stream;
        this.ended = ended;
    }

    @Override
    public boolean hasRoom() {
        return stream.hasRoom();
    }

    @Override
    public void begin(int cachedTokens) {
        stream.begin(cachedTokens);
    }

    @Override
    public Optional<FinishReason> write(LogitRow row, TokenList tokens) {
        int drawn = tokens.size() - rules.promptTokens();
        int tokensLeft =
                Math.min(rules.maxTokens() - drawn, rules.contextLength() - tokens.size()) - 1;
        boolean thought = text.thinking();
        boolean opens = drawn == 0 && text.mayThink();
        float[] opinion = rules.scoring().answer() ? row.copy() : row.logits();
        int token = thought ? think(row, tokens) : answer(row, tokens, tokensLeft, opens);
        if (rules.scoring().answer()) {
            stream.put(Logprobs.of(opinion, token, rules.scoring().topCount(), row.buffers()));
        }
        tokens.add(token);
        if (rules.endTokens().contains(token)) {
            return finish(FinishReason.STOP, text.endOfTurn(), tokens);
        }
        List<Segment> segments = text.next(token);
        if (thought && !text.thinking()) {
            rules.gate().ifPresent(gate -> gate.takeText(text.answerAdded()));
        }
        stream.put(segments);
        if (text.stop().isPresent()) {
            return finish(FinishReason.STOP_STRING, List.of(), tokens);
        } else if (tokens.size() >= rules.contextLength()) {
            return finish(FinishReason.CONTEXT_FULL, text.cutOff(), tokens);
        } else if (tokensLeft <= 0 || rules.gate().map(FormatGate::closed).orElse(false)) {
            return finish(FinishReason.LENGTH, text.cutOff(), tokens);
        }
        return Optional.empty();
    }

    private int think(LogitRow row, TokenList tokens) {
        thoughtTokens++;
        if (thoughtTokens > rules.thinking().maxTokens() && closingTag.isEmpty()) {
            rules.tags().ifPresent(tags -> Arrays.stream(tags.close()).forEach(closingTag::add));
        }
        Integer forced = closingTag.poll();
        return forced == null ? draw(row, ALL, tokens) : forced;
    }

    private int answer(LogitRow row, TokenList tokens, int tokensLeft, boolean opens) {
        Integer forced = closingTag.poll();
        if (forced != null) {
            return forced;
        }
        if (rules.gate().isEmpty()) {
            return draw(row, ALL, tokens);
        }
        FormatGate gate = rules.gate().get();
        boolean first = tokens.size() == rules.promptTokens();
        long[] allowed = gate.allowed(first);
        int opening = rules.tags().map(tags -> tags.open().orElse(-1)).orElse(-1);
        if (opens && opening >= 0) {
            allowed[opening / Long.SIZE] |= 1L << opening;
        }
        int token = draw(row, allowed, tokens);
        int room = text.mayBeClosed() ? tokensLeft : Integer.MAX_VALUE;
        return opens && token == opening ? token : gate.take(token, room);
    }

    private int draw(LogitRow row, long[] allowed, TokenList tokens) {
        TokenHistory history =
                new TokenHistory(tokens.backing(), rules.promptTokens(), tokens.size());
        return rules.sampler().next(row.logits(), allowed, history, row.buffers());
    }

    private Optional<FinishReason> finish(
            FinishReason reason, List<Segment> rest, TokenList tokens) {
        stream.put(rest);
        generated = tokens.slice(rules.promptTokens(), tokens.size());
        return Optional.of(text.stop().isPresent() ? FinishReason.STOP_STRING : reason);
    }

    @Override
    public boolean scoresPrompt() {
        return rules.scoring().prompt();
    }

    @Override
    public void score(LogitRow row, int position, TokenList tokens) {
        int token = tokens.backing()[position];
        promptLogprobs.add(
                Logprobs.of(row.logits(), token, rules.scoring().topCount(), row.buffers()));
    }

    @Override
    public void end(FinishReason reason, TokenList tokens, Work work) {
        if (reason == FinishReason.CANCELLED || reason == FinishReason.DEADLINE) {
            finish(reason, text.cutOff(), tokens);
        }
        Usage usage =
                new Usage(
                        rules.promptTokens(),
                        work.cachedTokens(),
                        generated.length,
                        work.queued(),
                        work.prefill(),
                        work.decode(),
                        work.computed(),
                        work.draftedTokens(),
                        work.acceptedTokens());
        List<ToolCall> calls = stream.toolCalls();
        boolean called = reason == FinishReason.STOP && !calls.isEmpty();
        stream.end(
                new Result(
                        stream.answer(),
                        stream.thinking(),
                        calls,
                        Arrays.stream(generated).boxed().toList(),
                        called ? FinishReason.TOOL_CALLS : reason,
                        text.stop(),
                        usage,
                        stream.logprobs(),
                        promptLogprobs));
        ended.run();
    }

    @Override
    public void fail(Throwable failure, Work work) {
        stream.fail(failure);
        ended.run();
    }
}
