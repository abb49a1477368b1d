package autark.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tools, calls and results in templates that know more or less of them.
class ToolsInTemplatesTest {
    private static final LocalDateTime NOW = LocalDateTime.parse("2026-01-02T03:04:05");
    private static final Tool TOOL =
            new Tool("now", "The time", "{\"properties\": {\"at\": {}}}", false);
    private static final List<ToolCall> CALLS =
            List.of(
                    new ToolCall("call_1", "now", "{\"at\": \"Rome\"}"),
                    new ToolCall("call_2", "now", "{\"at\": \"Oslo\"}"));
    private static final List<Message> CONVERSATION =
            List.of(
                    Message.user("When?"),
                    Message.assistant("Wait.", "", CALLS),
                    Message.toolResult("call_1", "now", "noon"),
                    Message.toolResult("call_2", "now", "one"));

    @Test
    void aTemplateThatKnowsNothingIsToldInText() {
        String prompt =
                render(
                        "{% for m in messages if m.role != 'tool' %}[{{ m.role }}]{{ m.content }}{%"
                                + " endfor %}");
        assertThat(prompt)
                .startsWith("[system]# Tools")
                .contains("{\"type\": \"function\", \"function\": {\"name\": \"now\"")
                .contains(
                        "<tool_call>\n{\"name\": \"NAME\", \"arguments\": ARGUMENTS}\n</tool_call>")
                .contains(
                        "[user]When?[assistant]Wait.\n<tool_call>\n{\"name\": \"now\","
                                + " \"arguments\": {\"at\": \"Rome\"}}\n</tool_call>\n<tool_call>\n")
                .endsWith(
                        "[user]<tool_response>\nnoon\n</tool_response>\n"
                                + "<tool_response>\none\n</tool_response>");
    }

    @Test
    void aTemplateThatKnowsToolsAndNoCallsGetsCallsAsText() {
        String prompt =
                render(
                        "{{ tools | tojson }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{%"
                                + " endfor %}");
        assertThat(prompt)
                .startsWith("[{\"type\": \"function\"")
                .contains("[assistant]Wait.\n<tool_call>\n{\"name\": \"now\", \"arguments\"")
                .doesNotContain("# Tools");
    }

    @Test
    void withoutRoomForASystemMessageTheUserTellsOfTools() {
        String prompt =
                render(
                        "{% for m in messages if m.role != 'system' %}[{{ m.role }}]{{ m.content }}{%"
                                + " endfor %}");
        assertThat(prompt).startsWith("[user]# Tools").contains("\n\nWhen?[assistant]");
    }

    @Test
    void aTemplateThatTakesOneCallAMessageGetsOneEach() {
        String prompt =
                render(
                        "{% for m in messages %}[{{ m.role }}]{% if m.tool_calls %}{% if m.tool_calls"
                                + " | length > 1 %}{{ raise_exception('one') }}{% endif %}{{ m.content"
                                + " }}({{ m.tool_calls[0].function | tojson }}){% else %}{{ m.content"
                                + " }}{% endif %}{% endfor %}");
        assertThat(prompt)
                .endsWith(
                        "[assistant]Wait.({\"name\": \"now\", \"arguments\": {\"at\": \"Rome\"}})"
                                + "[tool]noon[assistant]({\"name\": \"now\", \"arguments\": {\"at\":"
                                + " \"Oslo\"}})[tool]one");
    }

    @Test
    void argumentsAreTextWhereATemplateJoinsThem() {
        String prompt =
                render(
                        "{% for m in messages %}{% for c in m.tool_calls or [] %}[{{ c.function.name +"
                                + " '|' + c.function.arguments }}]{% else %}{{ m.content }}{% endfor"
                                + " %}{% endfor %}");
        assertThat(prompt).contains("[now|{\"at\": \"Rome\"}][now|{\"at\": \"Oslo\"}]");
    }

    @Test
    void idsHaveNineCharactersWhereATemplateInsists() {
        String prompt =
                render(
                        "{% for m in messages %}{% for c in m.tool_calls or [] %}{% if c.id | length !="
                                + " 9 %}{{ raise_exception('nine') }}{% endif %}<{{ c.id }}>{{"
                                + " c.function | tojson }}{% endfor %}{% if m.tool_call_id is defined"
                                + " %}({{ m.tool_call_id }}){% endif %}{{ m.content }}{% endfor %}");
        String first =
                prompt.substring(prompt.indexOf('<', prompt.indexOf("When?")) + 1).substring(0, 9);
        assertThat(first).matches("[0-9a-z]{9}");
        assertThat(prompt).contains("(" + first + ")noon").doesNotContain("(" + first + ")one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a b|{}|expected 1 to 64",
                "''|{}|expected 1 to 64",
                "f|[]|expected a JSON object",
                "f|{\"a\": 1, \"a\": 2}|expected a JSON object",
                "f|{} {}|found more behind",
            })
    void refusesWhatIsNoTool(String name, String json, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tool(name, "", json, false))
                .withMessageContaining(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ToolCall("", name, json))
                .withMessageContaining(message);
    }

    private static String render(String template) {
        return ChatTemplate.parse(template)
                .render(new Conversation(CONVERSATION, List.of(TOOL), Map.of(), "", ""), NOW);
    }
}
