package autark.text.parse;

import static org.assertj.core.api.Assertions.assertThat;

import autark.text.parse.Segment.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The output of a thinking model, taken apart.
class ThinkingParserTest {
    private static final ThinkingFormat FORMAT = new ThinkingFormat("<think>", "</think>");
    private static final String OPEN_PROMPT = "<|User|>2+2?<|Assistant|><think>\n";

    @Test
    void theModelOpensTheTag() {
        assertSplit("Hi", "<think>\nLet me see.\n</think>\n\nFour.", "Let me see.", "Four.");
        assertSplit("Hi", "\n <think>a</think>b", "a", "b");
    }

    @Test
    void thePromptOpensTheTag() {
        assertSplit(OPEN_PROMPT, "Let me see.\n</think>\n\nFour.", "Let me see.", "Four.");
    }

    @Test
    void bothOpenTheTag() {
        assertSplit(OPEN_PROMPT, "\n<think>\nLet me see.</think>Four.", "Let me see.", "Four.");
    }

    @Test
    void thePromptClosesAnEmptyBlock() {
        String prompt = "<|Assistant|><think>\n\n</think>\n\n";

        assertSplit(prompt, "Four.", "", "Four.");
        assertSplit(prompt, "</think>\n\nFour.", "", "Four.");
        assertSplit(prompt, "<think>so</think>Four.", "so", "Four.");
    }

    /// A system message may explain the tags; only the end of the prompt counts.
    @Test
    void tagsInsideThePromptDoNotMatter() {
        assertSplit("Use <think> and </think>.<|Assistant|>", "Four.", "", "Four.");
    }

    @Test
    void anAnswerWithoutThinkingStaysAsItIs() {
        assertSplit("Hi", " \n Four <b> < 5.\n", "", " \n Four <b> < 5.\n");
        assertSplit("Hi", "", "", "");
        assertSplit("Hi", " \n", "", " \n");
    }

    @Test
    void tagsFurtherOnAreText() {
        assertSplit(
                "Hi",
                "<think>a</think>Write <think>x</think> or\n```\n<think>\n</think>\n```\n",
                "a",
                "Write <think>x</think> or\n```\n<think>\n</think>\n```\n");
        assertSplit("Hi", "See: <think>x</think>", "", "See: <think>x</think>");
        assertSplit("Hi", "```\n<think>\n```", "", "```\n<think>\n```");
    }

    @Test
    void aSecondClosingTagIsDroppedBeforeTheAnswer() {
        assertSplit(OPEN_PROMPT, "a</think>\n</think>\nb</think>", "a", "b</think>");
    }

    @Test
    void thinkingMayBeEmpty() {
        assertSplit("Hi", "<think>\n\n</think>\n\nFour.", "", "Four.");
        assertSplit(OPEN_PROMPT, "</think>Four.", "", "Four.");
    }

    @Test
    void thinkingThatNeverClosesIsThinking() {
        assertSplit(OPEN_PROMPT, "I wonder\n\n", "I wonder", "");
        assertSplit(OPEN_PROMPT, "I wonder </thi", "I wonder </thi", "");
        assertSplit("Hi", "<think>I", "I", "");
        assertSplit("Hi", "<thi", "", "<thi");
        assertSplit(OPEN_PROMPT, "", "", "");
    }

    @Test
    void aTagInsideAFenceOfTheThinkingIsText() {
        String code = "So:\n```python\nprint('</think>')\n```\ndone";

        assertSplit(OPEN_PROMPT, code + "\n</think>\nyes", code, "yes");
        assertSplit(
                OPEN_PROMPT, "~~~\nx = '</think>'\n~~~</think>y", "~~~\nx = '</think>'\n~~~", "y");
    }

    @Test
    void aPairOfTagsInsideAFenceIsText() {
        String code = "```\n<think>\nplan\n</think>\nanswer\n```\nso";

        assertSplit(OPEN_PROMPT, code + "\n</think>\nyes", code, "yes");
    }

    @Test
    void aTagInsideInlineCodeIsText() {
        String text = "The tag `</think>` ends it, ``x`` does not";

        assertSplit(OPEN_PROMPT, text + "</think>yes", text, "yes");
        assertSplit(OPEN_PROMPT, "use `x`</think>yes", "use `x`", "yes");
        assertSplit(OPEN_PROMPT, "an open ` tick\nends</think>yes", "an open ` tick\nends", "yes");
    }

    /// The answer must not get lost because a fence was not closed.
    @Test
    void aTagOnItsOwnLineEndsThinkingInAFenceThatWasForgotten() {
        assertSplit(OPEN_PROMPT, "```\nx = 1\n</think>\n\nyes", "```\nx = 1", "yes");
        assertSplit(OPEN_PROMPT, "```\nx = 1\n  </think>yes", "```\nx = 1", "yes");
    }

    @Test
    void textGoesOutAsSoonAsItIsCertain() {
        ThinkingParser parser = ThinkingParser.after("Hi", FORMAT);

        assertThat(parser.next("<thi")).isEmpty();
        assertThat(parser.next("nk>\n")).isEmpty();
        assertThat(parser.next("So")).containsExactly(thinking("So"));
        assertThat(parser.thinking()).isTrue();
        assertThat(parser.next(" a <")).containsExactly(thinking(" a"));
        assertThat(parser.next(" b")).containsExactly(thinking(" < b"));
        assertThat(parser.next("\n</")).isEmpty();
        assertThat(parser.next("think>\n")).isEmpty();
        assertThat(parser.thinking()).isFalse();
        assertThat(parser.next("\nYes")).containsExactly(answer("Yes"));
        assertThat(parser.next(" <think>")).containsExactly(answer(" <think>"));
        assertThat(parser.end()).isEmpty();
    }

    @Test
    void onePieceMayHoldBothParts() {
        ThinkingParser parser = ThinkingParser.after(OPEN_PROMPT, FORMAT);

        assertThat(parser.next("a</think>b")).containsExactly(thinking("a"), answer("b"));
    }

    @ParameterizedTest
    @CsvSource({
        "[THINK], [/THINK]",
        "<seed:think>, </seed:think>",
        "<|channel>thought, <channel|>",
    })
    void otherTagsWorkAlike(String open, String close) {
        ThinkingFormat format = new ThinkingFormat(open, close);

        assertThat(split("Hi", open + "\na\n" + close + "\nb", format)).containsExactly("a", "b");
    }

    /// How a text is cut into pieces does not change what comes out.
    @Test
    void cutsDoNotMatter() {
        long seed = 4711;
        SplittableRandom random = new SplittableRandom(seed);
        String[] words = {
            "<think>",
            "</think>",
            "<thi",
            "nk>",
            "</",
            "<",
            "`",
            "```",
            "~~~",
            "\n",
            " ",
            "a",
            "é😀",
            "```java\n",
            "\n```\n",
            "\n</think>\n"
        };
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(14); i >= 0; i--) {
                text.append(words[random.nextInt(words.length)]);
            }
            String prompt = random.nextBoolean() ? OPEN_PROMPT : "Hi";
            List<String> whole = merged(prompt, List.of(text.toString()), FORMAT);

            assertThat(merged(prompt, cut(text.toString(), random), FORMAT))
                    .as("seed " + seed + ", round " + round + ": " + text)
                    .isEqualTo(whole);
        }
    }

    private static void assertSplit(String prompt, String output, String thinking, String answer) {
        assertThat(split(prompt, output, FORMAT)).as(output).containsExactly(thinking, answer);
        assertThat(
                        merged(
                                prompt,
                                output.codePoints().mapToObj(Character::toString).toList(),
                                FORMAT))
                .as(output)
                .isEqualTo(merged(prompt, List.of(output), FORMAT));
    }

    /// All thinking and all of the answer.
    private static List<String> split(String prompt, String output, ThinkingFormat format) {
        StringBuilder thinking = new StringBuilder();
        StringBuilder answer = new StringBuilder();
        for (Segment segment : segments(prompt, List.of(output), format)) {
            (segment.kind() == Kind.THINKING ? thinking : answer).append(segment.text());
        }
        return List.of(thinking.toString(), answer.toString());
    }

    /// The segments in order, neighbours of one kind put together.
    private static List<String> merged(String prompt, List<String> pieces, ThinkingFormat format) {
        List<String> merged = new ArrayList<>();
        Kind last = Kind.ANSWER;
        for (Segment segment : segments(prompt, pieces, format)) {
            String text = segment.kind() + ":" + segment.text();
            if (!merged.isEmpty() && last == segment.kind()) {
                text = merged.removeLast() + segment.text();
            }
            merged.add(text);
            last = segment.kind();
        }
        return merged;
    }

    private static List<Segment> segments(
            String prompt, List<String> pieces, ThinkingFormat format) {
        ThinkingParser parser = ThinkingParser.after(prompt, format);
        List<Segment> segments = new ArrayList<>();
        for (String piece : pieces) {
            segments.addAll(parser.next(piece));
        }
        segments.addAll(parser.end());
        assertThat(segments).noneMatch(segment -> segment.text().isEmpty());
        return segments;
    }

    private static List<String> cut(String text, SplittableRandom random) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = start;
            for (int i = random.nextInt(6); i >= 0 && end < text.length(); i--) {
                end = text.offsetByCodePoints(end, 1);
            }
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }

    private static Segment thinking(String text) {
        return new Segment(Kind.THINKING, text);
    }

    private static Segment answer(String text) {
        return new Segment(Kind.ANSWER, text);
    }
}
