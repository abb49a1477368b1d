package autark.bench;

import autark.model.file.Gguf;
import autark.text.template.ChatTemplate;
import autark.text.template.Conversation;
import autark.text.template.Message;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The chat template of the default model: reading it, and rendering a conversation.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TemplateBenchmark {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 1, 2, 3, 4, 5);

    @Param({"1", "20"})
    int turnCount;

    private final String source = source();
    private final ChatTemplate template = ChatTemplate.parse(source);
    private Conversation conversation = conversation(0);

    @Setup
    public void setUp() {
        conversation = conversation(turnCount);
    }

    @Benchmark
    public ChatTemplate parse() {
        return ChatTemplate.parse(source);
    }

    @Benchmark
    public String render() {
        return template.render(conversation, NOW);
    }

    private static String source() {
        try (Gguf gguf = Gguf.open(DefaultModelFile.path())) {
            return gguf.metadata().optionalString("tokenizer.chat_template").orElseThrow();
        }
    }

    private static Conversation conversation(int turnCount) {
        List<Message> messages = new ArrayList<>();
        messages.add(Message.system("You are brief."));
        for (int turn = 0; turn < turnCount; turn++) {
            messages.add(Message.user("Why is the sky blue?"));
            messages.add(Message.assistant("Because air scatters short waves more.", ""));
        }
        messages.add(Message.user("And at dusk?"));
        return new Conversation(messages, List.of(), Map.of(), "<|im_start|>", "<|im_end|>");
    }
}
