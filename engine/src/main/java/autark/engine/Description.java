package autark.engine;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a type or a record's component means, for [Engine#ask(String, Class)]: the model reads it
/// in the schema.
///
/// ```java
/// record Invoice(@Description("as printed, with its prefix") String number, LocalDate due) {}
/// ```
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT})
public @interface Description {
    /// The meaning, in a few words.
    String value();
}
