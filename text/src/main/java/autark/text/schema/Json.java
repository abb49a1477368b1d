package autark.text.schema;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A JSON value. Equal are those that JSON Schema calls equal: numbers by their value, objects in
/// any order of members.
sealed interface Json {
    /// Of what kind it is.
    Kind kind();

    /// `null`, `true` and `false`.
    enum Word implements Json {
        NULL("null"),
        TRUE("true"),
        FALSE("false");

        private final String spelling;

        Word(String spelling) {
            this.spelling = spelling;
        }

        String spelling() {
            return spelling;
        }

        @Override
        public Kind kind() {
            return Kind.WORD;
        }
    }

    /// A number, exact.
    record Numeral(BigDecimal value) implements Json {
        public Numeral {
            value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        }

        @Override
        public Kind kind() {
            return Kind.NUMBER;
        }
    }

    /// A string.
    record Text(String value) implements Json {
        @Override
        public Kind kind() {
            return Kind.STRING;
        }
    }

    /// An array.
    record Items(List<Json> values) implements Json {
        public Items {
            values = List.copyOf(values);
        }

        @Override
        public Kind kind() {
            return Kind.ARRAY;
        }
    }

    /// An object, its members in the order of the text.
    record Members(Map<String, Json> values) implements Json {
        public Members {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        @Override
        public Kind kind() {
            return Kind.OBJECT;
        }
    }
}
