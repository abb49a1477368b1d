package autark.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.server.http.ApiException;
import autark.server.http.Fields;
import autark.text.template.Message;
import autark.text.template.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnsTest {
    private static List<Message> read(String body) {
        return Turns.read(Fields.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void turnsOfTheSameRoleAreOne() {
        List<Message> messages =
                read(
                        """
                        {"system": [{"type": "text", "text": "a"},
                            {"type": "text", "text": "b", "cache_control": {"type": "ephemeral"}}],
                         "messages": [
                            {"role": "user", "content": "c"},
                            {"role": "user", "content": [{"type": "text", "text": "d"}]},
                            {"role": "assistant", "content": [
                                {"type": "thinking", "thinking": "e", "signature": "of somebody"},
                                {"type": "text", "text": "f"}, {"type": "text", "text": "g"}]},
                            {"role": "user", "content": "h"}]}
                        """);
        assertThat(messages)
                .containsExactly(
                        Message.system("a\nb"),
                        Message.user("c\nd"),
                        Message.assistant("fg", "e"),
                        Message.user("h"));
    }

    @Test
    void callsAndTheirResultsBelongTogether() {
        List<Message> messages =
                read(
                        """
                        {"messages": [
                            {"role": "user", "content": "c"},
                            {"role": "assistant", "content": [
                                {"type": "text", "text": "f"},
                                {"type": "tool_use", "id": "1", "name": "look", "input": {"x": 1}},
                                {"type": "tool_use", "id": "2", "name": "go", "input": {},
                                    "caller": {"type": "direct"}}]},
                            {"role": "user", "content": [
                                {"type": "tool_result", "tool_use_id": "1", "content": "seen"},
                                {"type": "tool_result", "tool_use_id": "2", "is_error": true,
                                    "content": [{"type": "text", "text": "stuck"}]},
                                {"type": "text", "text": "and now?"}]}]}
                        """);
        assertThat(messages)
                .containsExactly(
                        Message.user("c"),
                        Message.assistant(
                                "f",
                                "",
                                List.of(
                                        new ToolCall("1", "look", "{\"x\":1}"),
                                        new ToolCall("2", "go", "{}"))),
                        Message.toolResult("1", "look", "seen"),
                        Message.toolResult("2", "go", "Error: stuck"),
                        Message.user("and now?"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "user | {'type': 'image', 'source': {}} | image",
                "user | {'type': 'tool_use', 'id': '1', 'name': 'a', 'input': {}} | tool_use",
                "user | {'type': 'tool_result', 'tool_use_id': 'unknown'} | tool_use_id",
                "user | {'type': 'text', 'text': 'a', 'colour': 'red'} | content[0].colour",
                "assistant | {'type': 'redacted_thinking', 'data': 'x'} | redacted_thinking",
                "assistant | {'type': 'tool_result', 'tool_use_id': '1'} | result",
                "assistant | {'type': 'text', 'text': 'a'} | at the end",
            })
    void whatCannotBeReadIsRefusedByName(String role, String block, String named) {
        String body =
                "{\"messages\": [{\"role\": \"%s\", \"content\": [%s]}]}"
                        .formatted(role, block.replace('\'', '"'));
        assertThatThrownBy(() -> read(body))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(named);
    }
}
