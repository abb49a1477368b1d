package autark.engine;

import autark.engine.sample.Sampler;
import autark.engine.schedule.TokenList;
import autark.engine.schedule.Work;
import autark.engine.schedule.Writer;
import autark.text.parse.Segment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Draws the tokens of one answer and gives their text to its stream.
final class AnswerWriter implements Writer {
    private final Sampler sampler;
    private final AnswerText text;
    private final Set<Integer> endTokens;
    private final int promptTokens;
    private final int maxTokens;
    private final int contextLength;
    private final TokenStream stream;
    private final Consumer<AnswerWriter> ended;
    private TokenList tokens = new TokenList();

    /// What an answer is made with.
    ///
    /// @param endTokens tokens that end it
    /// @param maxTokens most tokens to draw
    /// @param contextLength most tokens of prompt and answer
    record Rules(
            Sampler sampler,
            AnswerText text,
            Set<Integer> endTokens,
            int promptTokens,
            int maxTokens,
            int contextLength) {}

    /// @param ended is told the end
    AnswerWriter(Rules rules, TokenStream stream, Consumer<AnswerWriter> ended) {
        this.sampler = rules.sampler();
        this.text = rules.text();
        this.endTokens = rules.endTokens();
        this.promptTokens = rules.promptTokens();
        this.maxTokens = rules.maxTokens();
        this.contextLength = rules.contextLength();
        this.stream = stream;
        this.ended = ended;
    }

    @Override
    public boolean hasRoom() {
        return stream.hasRoom();
    }

    @Override
    public Optional<FinishReason> write(float[] logits, TokenList list) {
        tokens = list;
        int drawn = list.size() - promptTokens;
        int token = sampler.next(logits, list.backing(), list.size(), drawn);
        list.add(token);
        if (endTokens.contains(token)) {
            return finish(FinishReason.STOP, text.endOfTurn());
        }
        stream.put(text.next(token));
        if (text.stopped()) {
            return Optional.of(FinishReason.STOP_STRING);
        } else if (drawn + 1 >= maxTokens) {
            return finish(FinishReason.LENGTH, text.cutOff());
        } else if (list.size() >= contextLength) {
            return finish(FinishReason.CONTEXT_FULL, text.cutOff());
        }
        return Optional.empty();
    }

    private Optional<FinishReason> finish(FinishReason reason, List<Segment> rest) {
        stream.put(rest);
        return Optional.of(text.stopped() ? FinishReason.STOP_STRING : reason);
    }

    @Override
    public boolean scoresPrompt() {
        return false;
    }

    @Override
    public void score(float[] logits, int position, TokenList list) {}

    @Override
    public void end(FinishReason reason, Work work) {
        if (reason == FinishReason.CANCELLED || reason == FinishReason.DEADLINE) {
            stream.put(text.cutOff());
        }
        int[] drawn = generated();
        Usage usage =
                new Usage(
                        promptTokens,
                        work.cachedTokens(),
                        drawn.length,
                        work.prefill(),
                        work.decode());
        stream.end(
                new Result(
                        stream.written(Segment.Kind.ANSWER),
                        stream.written(Segment.Kind.THINKING),
                        Arrays.stream(drawn).boxed().toList(),
                        reason,
                        usage));
        ended.accept(this);
    }

    private int[] generated() {
        return tokens.size() > promptTokens
                ? tokens.slice(promptTokens, tokens.size())
                : new int[0];
    }

    @Override
    public void fail(Throwable failure, Work work) {
        stream.fail(failure);
        ended.accept(this);
    }
}
