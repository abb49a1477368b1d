package autark.server.openai;

import autark.engine.Engine;
import autark.engine.ScriptedEngines;

/// Engines for the tests of this package.
final class Scripts {
    /// A template that thinks, has a switch for it, reads an effort, and tells what it was given if
    /// the last message is `show`.
    private static final String TEMPLATE =
            """
            {%- if messages[-1].content == 'show' %}
            {{- raise_exception({'messages': messages, \
            'thinking': enable_thinking | default(''), \
            'effort': reasoning_effort | default(''), 'tools': tools | default([])} | tojson) }}
            {%- endif %}
            {%- for message in messages %}
            {{- '<|im_start|>' + message.role + '\\n' }}
            {%- if message.tool_calls %}
            {%- for call in message.tool_calls %}
            {{- '<tool_call>\\n' + (call.function | tojson) + '\\n</tool_call>' }}
            {%- endfor %}
            {%- endif %}
            {{- message.content + '<|im_end|>\\n' }}
            {%- endfor %}
            {%- if tools %}{{- 'tools: ' + (tools | tojson) }}{%- endif %}
            {%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
            {%- if false %}<think></think>{%- endif %}
            """;

    private Scripts() {}

    /// Thinks and answers.
    static Engine saying(String answer) {
        return ScriptedEngines.saying(answer, TEMPLATE);
    }

    /// Writes letters without end.
    static Engine babbling() {
        return ScriptedEngines.babbling(TEMPLATE);
    }
}
