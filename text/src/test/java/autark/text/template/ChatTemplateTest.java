package autark.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.text.template.TemplateException.Kind;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Conversations through whole templates, and what the interface promises.
class ChatTemplateTest {
    /// Turns between marks, a default system message, generation prompt.
    private static final ChatTemplate TURNS =
            ChatTemplate.parse(
                    """
                    {%- if messages[0].role != 'system' %}
                        {{- '<s>system\nYou help.</s>\n' }}
                    {%- endif %}
                    {%- for message in messages %}
                        {{- '<s>' + message['role'] + '\n' + message.content | trim + '</s>' }}
                    {% endfor %}
                    {% if add_generation_prompt %}
                    {{ '<s>assistant\n' }}
                    {%- endif %}
                    """);

    /// Cuts thinking off all but the last answer, and opens thinking unless told not to.
    private static final ChatTemplate THINKING =
            ChatTemplate.parse(
                    """
                    {%- for m in messages -%}
                    {%- set content = m.content.split('</think>')[-1].lstrip('\n') -%}
                    {%- if m.role == 'assistant' and m.reasoning_content and loop.last -%}
                    {%- set content = '<think>' ~ m.reasoning_content ~ '</think>' ~ content -%}
                    {%- endif -%}
                    [{{ m.role }}]{{ content }}
                    {%- endfor -%}
                    {%- if add_generation_prompt -%}
                    [assistant]{{ '<think>\n\n</think>' if enable_thinking is false else '<think>' }}
                    {%- endif -%}
                    """);

    @Test
    void aConversationBecomesAPrompt() {
        Conversation conversation =
                conversation(Message.user(" Hi "), Message.assistant("Hello.", ""));

        assertThat(TURNS.render(conversation, Snippets.NOW))
                .isEqualTo(
                        """
                        <s>system
                        You help.</s>
                        <s>user
                        Hi</s>
                        <s>assistant
                        Hello.</s>
                        <s>assistant
                        """);
    }

    @Test
    void theTemplateDecidesWhichEarlierThinkingStays() {
        Message answer = Message.assistant("4", "easy");

        assertThat(THINKING.render(conversation(Message.user("2+2?"), answer), Snippets.NOW))
                .isEqualTo("[user]2+2?[assistant]<think>easy</think>4[assistant]<think>");
        assertThat(THINKING.render(conversation(answer, Message.user("Sure?")), Snippets.NOW))
                .isEqualTo("[assistant]4[user]Sure?[assistant]<think>");
    }

    @Test
    void aVariableOfTheRequestReachesTheTemplate() {
        Conversation conversation =
                new Conversation(
                        List.of(Message.user("x")),
                        List.of(),
                        Map.of("enable_thinking", false),
                        "",
                        "");

        assertThat(THINKING.render(conversation, Snippets.NOW))
                .isEqualTo("[user]x[assistant]<think>\n\n</think>");
    }

    @ParameterizedTest
    @CsvSource({"messages", "add_generation_prompt", "bos_token", "eos_token"})
    void aRequestCannotReplaceTheConversation(String name) {
        assertThatThrownBy(() -> new Conversation(List.of(), List.of(), Map.of(name, "x"), "", ""))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("template variable '" + name + "' is reserved");
    }

    @ParameterizedTest
    @CsvSource({"range", "dict", "namespace", "raise_exception", "strftime_now"})
    void aVariableCannotReplaceAFunction(String name) {
        assertThatThrownBy(() -> ChatTemplate.parse("").render(Map.of(name, "x"), Snippets.NOW))
                .isInstanceOf(TemplateException.class)
                .hasMessage("variable '" + name + "' would hide the function of that name");
    }

    @Test
    void nullIsNoneAndAbsentIsUndefined() {
        Map<String, Object> variables = new HashMap<>();
        variables.put("tools", null);
        String template = "{{ tools is none }} {{ tools is defined }} {{ documents is defined }}";

        assertThat(ChatTemplate.parse(template).render(variables, Snippets.NOW))
                .isEqualTo("True True False");
    }

    @Test
    void javaNumbersAreJsonNumbers() {
        Map<String, Object> variables =
                Map.of("v", List.of(1, 2L, 3.0, 0.5f, true, "x", Map.of("k", List.of())));

        assertThat(ChatTemplate.parse("{{ v|tojson }}").render(variables, Snippets.NOW))
                .isEqualTo("[1, 2, 3.0, 0.5, true, \"x\", {\"k\": []}]");
    }

    @Test
    void variablesAreWhatACallerCanSet() {
        ChatTemplate template =
                ChatTemplate.parse(
                        """
                        {% if enable_thinking is not defined %}{% set enable_thinking = true %}
                        {% endif %}
                        {% macro show(item, sep=comma) %}{{ item }}{{ sep }}{{ caller() }}
                        {% endmacro %}
                        {% set ns = namespace(x=first) %}{% set ns.x = 1 %}{{ ns.x }}
                        {% for message in messages %}{% set inner = 1 %}{{ loop.index }}{{ inner }}
                        {{ message.role }}{{ show(message) }}{% endfor %}
                        {{ inner }}{{ range(3) }}{{ raise_exception(bos_token) }}
                        {% with a=given %}{{ a }}{% endwith %}
                        """);

        assertThat(template.variables())
                .containsExactlyInAnyOrder(
                        "enable_thinking",
                        "comma",
                        "first",
                        "messages",
                        "inner",
                        "bos_token",
                        "given");
    }

    @Test
    void theSourceIsKept() {
        assertThat(ChatTemplate.parse("a\r\n").source()).isEqualTo("a\r\n");
    }

    @Test
    void aRenderingLeavesNothingBehind() {
        ChatTemplate template =
                ChatTemplate.parse("{% set x = (x or 0) + 1 %}{{ x }}{{ l|map('string')|join }}");
        Map<String, Object> variables = Map.of("l", List.of(1, 2));

        assertThat(template.render(variables, Snippets.NOW)).isEqualTo("112");
        assertThat(template.render(variables, Snippets.NOW)).isEqualTo("112");
    }

    /// Expected texts from Python 3.11 with the same time.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "%d %b %Y|05 Feb 2024",
                "%A, %B %-d, %Y|Monday, February 5, 2024",
                "%a %e %j %y %C|Mon  5 036 24 20",
                "%H:%M:%S %I %p %f|17:08:09 05 PM 123456",
                "%u %w %U %W %V %G|1 1 05 06 06 2024",
                "%F %T %R %D|2024-02-05 17:08:09 17:08 02/05/24",
                "%c|Mon Feb  5 17:08:09 2024",
                "%x %X %r %h|02/05/24 17:08:09 05:08:09 PM Feb",
                "%%%Z%z%|%%",
                "%-H %-I %-M %-m|17 5 8 2"
            })
    void timesAreWrittenAsByPython(String format, String expected) {
        LocalDateTime time = LocalDateTime.parse("2024-02-05T17:08:09.123456");
        Map<String, Object> variables = Map.of("format", format);

        assertThat(ChatTemplate.parse("{{ strftime_now(format) }}").render(variables, time))
                .isEqualTo(expected);
    }

    @Test
    void aMessageHoldsWhatTemplatesRead() {
        assertThat(Message.system("s").variables())
                .containsExactlyInAnyOrderEntriesOf(Map.of("role", "system", "content", "s"));
        assertThat(Message.assistant("a", "t").variables())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("role", "assistant", "content", "a", "reasoning_content", "t"));
    }

    @Test
    void outputIsLimited() {
        String line = "x".repeat(100_000);
        ChatTemplate template =
                ChatTemplate.parse("{% for m in messages %}{{ m.content }}{% endfor %}");
        List<Message> messages = java.util.Collections.nCopies(50, Message.user(line));

        assertThatThrownBy(() ->
                        template.render(
                                new Conversation(messages, List.of(), Map.of(), "", ""),
                                Snippets.NOW))
                .isInstanceOfSatisfying(
                        TemplateException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.LIMIT));
    }

    private static Conversation conversation(Message... messages) {
        return new Conversation(List.of(messages), List.of(), Map.of(), "<BOS>", "<EOS>");
    }
}
