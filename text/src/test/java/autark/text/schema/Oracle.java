package autark.text.schema;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/// Another implementation of JSON Schema, for a second opinion.
public final class Oracle {
    private static final Pattern EXPONENT = Pattern.compile("[0-9][eE]");

    private final Schema schema;

    public Oracle(String schema) {
        this.schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schema, InputFormat.JSON);
    }

    /// Whether it can judge a text: of large numbers with exponents it makes `long`s.
    static boolean judges(String text) {
        return !EXPONENT.matcher(text).find();
    }

    public boolean allows(String text) {
        try {
            return schema.validate(text, InputFormat.JSON).isEmpty();
        } catch (JacksonException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }
}
