package autark.server.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.server.http.ApiException;
import autark.server.http.Caller;
import autark.server.http.Fields;
import autark.server.http.Scope;
import autark.text.template.Message;
import autark.text.template.ToolCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTurnsTest {
    private static Fields body(String text) {
        return Fields.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void resultsFindTheirCalls() {
        List<Message> messages =
                ChatTurns.read(
                        body(
                                """
                                {"messages": [
                                  {"role": "user", "content": "a"},
                                  {"role": "assistant", "content": "", "tool_calls": [
                                    {"function": {"name": "f", "arguments": {"x": 1}}},
                                    {"id": "own", "function": {"name": "f", "arguments": {}}},
                                    {"function": {"name": "g", "arguments": {}}}]},
                                  {"role": "tool", "tool_name": "g", "content": "of g"},
                                  {"role": "tool", "tool_call_id": "own", "content": "of own"},
                                  {"role": "tool", "content": "of f"}]}
                                """));
        assertThat(messages)
                .containsExactly(
                        Message.user("a"),
                        Message.assistant(
                                "",
                                "",
                                List.of(
                                        new ToolCall("call_0", "f", "{\"x\":1}"),
                                        new ToolCall("own", "f", "{}"),
                                        new ToolCall("call_2", "g", "{}"))),
                        Message.toolResult("call_2", "g", "of g"),
                        Message.toolResult("own", "f", "of own"),
                        Message.toolResult("call_0", "f", "of f"));
    }

    @Test
    void aResultWithoutACallIsRefused() {
        assertThatThrownBy(() ->
                        ChatTurns.read(
                                body(
                                        """
                                        {"messages": [{"role": "tool", "tool_name": "f"}]}
                                        """)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("messages[0].tool_name");
    }

    @ParameterizedTest
    @CsvSource({
        "300, PT5M",
        "0, PT0S",
        "0.5, PT0.5S",
        "-1, P36500D",
        "'\"5m\"', PT5M",
        "'\"1h30m10s\"', PT1H30M10S",
        "'\"250ms\"', PT0.25S",
        "'\"-1s\"', P36500D",
        "'\"120\"', PT2M",
        "1e30, P36500D"
    })
    void timesToKeepAModelAreRead(String json, Duration time) {
        assertThat(KeepAlive.read(body("{\"keep_alive\": " + json + "}"), Caller.local()))
                .contains(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "\"soon\"", "\"5\\u0660m\"", "[]", "\"\""})
    void whatIsNoTimeIsRefused(String json) {
        assertThatThrownBy(() ->
                        KeepAlive.read(body("{\"keep_alive\": " + json + "}"), Caller.local()))
                .hasMessageContaining("keep_alive");
    }

    @Test
    void notEverybodySaysHowLongAModelStays() {
        Caller caller = new Caller("k", "", Set.of(Scope.ANSWERS), Set.of());
        assertThat(KeepAlive.read(body("{}"), caller)).isEmpty();
        assertThatThrownBy(() -> KeepAlive.read(body("{\"keep_alive\": 1}"), caller))
                .hasMessageContaining("scope models");
    }
}
