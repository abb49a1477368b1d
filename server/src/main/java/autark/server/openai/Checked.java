package autark.server.openai;

import autark.engine.EngineException;
import autark.engine.sample.SamplingException;
import autark.server.http.Fields;
import autark.text.grammar.GrammarException;
import autark.text.template.TemplateException;
import java.util.function.Supplier;

/// Says by which field of a request it came that the engine refuses something.
final class Checked {
    private Checked() {}

    /// What `work` makes of a field.
    ///
    /// @throws autark.server.http.ApiException that names the field if the engine refuses it
    static <T> T at(Fields body, String name, Supplier<T> work) {
        try {
            return work.get();
        } catch (EngineException
                | SamplingException
                | GrammarException
                | TemplateException
                | IllegalArgumentException e) {
            throw body.invalid(name, String.valueOf(e.getMessage()));
        }
    }
}
