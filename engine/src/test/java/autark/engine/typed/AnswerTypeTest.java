package autark.engine.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import autark.engine.typed.SampleTypes.Boxes;
import autark.engine.typed.SampleTypes.Currency;
import autark.engine.typed.SampleTypes.Expression;
import autark.engine.typed.SampleTypes.Invoice;
import autark.engine.typed.SampleTypes.Line;
import autark.engine.typed.SampleTypes.Names;
import autark.engine.typed.SampleTypes.Numbers;
import autark.engine.typed.SampleTypes.Payment;
import autark.engine.typed.SampleTypes.Tree;
import autark.text.grammar.Language;
import autark.text.schema.JsonSchema;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// From types to schemas, and from texts to values.
class AnswerTypeTest {
    static List<Class<?>> types() {
        return SampleTypes.all();
    }

    @Test
    void theSchemaOfARecordHasItsComponentsInOrder() {
        assertThat(AnswerType.of(Invoice.class).hint())
                .isEqualTo(
                        """
                        {"description":"A bill.","type":"object","properties":{\
                        "number":{"description":"as printed","type":"string"},\
                        "due":{"type":"string","format":"date"},\
                        "currency":{"enum":["EUR","USD","CHF"]},\
                        "lines":{"description":"in their order","type":"array",\
                        "items":{"$ref":"#/$defs/Line"}},\
                        "note":{"anyOf":[{"type":"string"},{"type":"null"}]}},\
                        "required":["number","due","currency","lines","note"],\
                        "additionalProperties":false,\
                        "$defs":{"Line":{"type":"object","properties":{\
                        "article":{"type":"string"},\
                        "count":{"type":"integer"},\
                        "price":{"type":"number"}},\
                        "required":["article","count","price"],\
                        "additionalProperties":false}}}\
                        """);
    }

    @Test
    void theEnginesSchemaHasRangesAndPatternsToo() {
        assertThat(AnswerType.of(Numbers.class).schema())
                .isEqualTo(
                        """
                        {"$schema":"https://json-schema.org/draft/2020-12/schema",\
                        "type":"object","properties":{\
                        "tiny":{"type":"integer","minimum":-128,"maximum":127},\
                        "small":{"type":"integer","minimum":-32768,"maximum":32767},\
                        "medium":{"type":"integer","minimum":-2147483648,"maximum":2147483647},\
                        "large":{"type":"integer","minimum":-9223372036854775808,\
                        "maximum":9223372036854775807},\
                        "rough":{"type":"number","minimum":-3.4028234663852886E+38,\
                        "maximum":3.4028234663852886E+38},\
                        "fine":{"type":"number","minimum":-1.7976931348623157E+308,\
                        "maximum":1.7976931348623157E+308},\
                        "whole":{"type":"integer"},"exact":{"type":"number"}},\
                        "required":["tiny","small","medium","large","rough","fine","whole",\
                        "exact"],"additionalProperties":false}\
                        """);
        assertThat(AnswerType.of(Names.class).schema())
                .contains(
                        """
                        "id":{"type":"string","format":"uuid","pattern":"^[0-9a-f]{8}-\
                        """);
    }

    @Test
    void aSealedInterfaceIsAChoiceOfTaggedRecords() {
        assertThat(AnswerType.of(Payment.class).hint())
                .isEqualTo(
                        """
                        {"anyOf":[\
                        {"type":"object","properties":{"type":{"const":"Cash"}},\
                        "required":["type"],"additionalProperties":false},\
                        {"type":"object","properties":{"type":{"const":"Card"},\
                        "number":{"type":"string"},\
                        "code":{"anyOf":[{"type":"integer"},{"type":"null"}]}},\
                        "required":["type","number","code"],"additionalProperties":false},\
                        {"type":"object","properties":{"type":{"const":"Voucher"},\
                        "instead":{"$ref":"#"},\
                        "card":{"anyOf":[{"$ref":"#/$defs/Card"},{"type":"null"}]}},\
                        "required":["type","instead","card"],"additionalProperties":false}],\
                        "$defs":{"Card":{"type":"object","properties":{\
                        "number":{"type":"string"},\
                        "code":{"anyOf":[{"type":"integer"},{"type":"null"}]}},\
                        "required":["number","code"],"additionalProperties":false}}}\
                        """);
    }

    @Test
    void recursionIsAReference() {
        assertThat(AnswerType.of(Tree.class).hint())
                .isEqualTo(
                        """
                        {"type":"object","properties":{"name":{"type":"string"},\
                        "branches":{"type":"array","items":{"$ref":"#"}},\
                        "twin":{"anyOf":[{"$ref":"#"},{"type":"null"}]},\
                        "leaves":{"type":"object","additionalProperties":{"$ref":"#"}},\
                        "last":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},\
                        "required":["name","branches","twin","leaves","last"],\
                        "additionalProperties":false}\
                        """);
    }

    @Test
    void genericRecordsWithDifferentArgumentsAreDifferentDefinitions() {
        assertThat(AnswerType.of(SampleTypes.Generic.class).hint())
                .contains(
                        """
                        "array":{"type":"array","items":{"$ref":"#/$defs/Pair2"}}\
                        """,
                        """
                        "Pair2":{"type":"object","properties":{"first":{"type":"integer"},\
                        "second":{"type":"boolean"}},\
                        "required":["first","second"],"additionalProperties":false}\
                        """,
                        """
                        "Pair3":{"type":"object","properties":{"first":{"type":"string"},\
                        "second":{"enum":["EUR","USD","CHF"]}},\
                        """);
    }

    @ParameterizedTest
    @MethodSource("types")
    void whatAValueIsWrittenAsIsInTheSchemaAndReadBack(Class<?> type) {
        AnswerType<?> answerType = AnswerType.of(type);
        Language<?> language = JsonSchema.parse(answerType.schema()).language();
        for (int seed = 0; seed < 50; seed++) {
            RandomValues.Sample sample = new RandomValues(seed).next(type);
            String text = sample.json().toString();
            assertThat(accepts(language, text)).as("seed %d: %s", seed, text).isTrue();
            assertThat(answerType.read(text))
                    .as("seed %d: %s", seed, text)
                    .usingRecursiveComparison()
                    .withEqualsForType(Double::equals, Double.class)
                    .withEqualsForType(Float::equals, Float.class)
                    .isEqualTo(sample.value());
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void theShorterSchemaAllowsNoLess(Class<?> type) {
        Language<?> language = JsonSchema.parse(AnswerType.of(type).hint()).language();
        for (int seed = 0; seed < 20; seed++) {
            String text = new RandomValues(seed).next(type).json().toString();
            boolean precise = text.matches(".*T?[0-9]{2}:[0-9]{2}:[0-9]{2}\\..*");
            assertThat(precise || accepts(language, text)).as("seed %d: %s", seed, text).isTrue();
        }
    }

    static boolean accepts(Language<?> language, String text) {
        return walk(language, text.getBytes(StandardCharsets.UTF_8));
    }

    private static <S> boolean walk(Language<S> language, byte[] text) {
        Optional<S> state = Optional.of(language.start());
        for (int i = 0; i < text.length && state.isPresent(); i++) {
            state = language.next(state.get(), text[i]);
        }
        return state.isPresent() && language.complete(state.get());
    }

    @Test
    void numbersAreReadHoweverTheyAreWritten() {
        assertThat(AnswerType.of(int.class).read("1.2e1")).isEqualTo(12);
        assertThat(AnswerType.of(int.class).read("-0.0")).isEqualTo(0);
        assertThat(AnswerType.of(BigInteger.class).read("12e2")).isEqualTo(1200);
        assertThat(AnswerType.of(double.class).read("1")).isEqualTo(1.0);
        assertThat(AnswerType.of(float.class).read("3.4028234663852886E+38"))
                .isEqualTo(Float.MAX_VALUE);
        assertThat(AnswerType.of(java.math.BigDecimal.class).read("1.50")).hasToString("1.50");
    }

    @Test
    void constantsWithBodiesAndNestedSealedTypesAreRead() {
        assertThat(
                        AnswerType.of(Expression.class)
                                .read(
                                        """
                                        {"right": {"value": 2, "type": "Number"}, "type": "Sum",
                                         "left": {"type": "Number", "value": 1}}\
                                        """))
                .isEqualTo(new Expression.Sum(new Expression.Number(1), new Expression.Number(2)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"article\":\"a\",\"count\":1} | Line: found {\"article\":\"a\",\"count\":1}, expected a member 'price'",
                "{\"article\":\"a\",\"count\":1,\"price\":1,\"x\":1} | expected no other members",
                "{\"article\":\"a\",\"count\":null,\"price\":1} | Line.count: found null, expected a whole number",
                "{\"article\":\"a\",\"count\":1.5,\"price\":1} | Line.count: found 1.5, expected a whole number",
                "{\"article\":\"a\",\"count\":3000000000,\"price\":1} | expected -2147483648 to 2147483647",
                "{\"article\":\"a\",\"count\":1e999999999,\"price\":1} | expected a whole number of at most 1000 digits",
                "{\"article\":1,\"count\":1,\"price\":1} | Line.article: found 1, expected a string",
                "{\"article\":\"a\",\"count\":1,\"price\":\"1\"} | Line.price: found \"1\", expected a number",
                "[] | Line: found [], expected an object"
            })
    void whatIsNoValueIsRefusedByItsPlace(String text, String message) {
        assertThatExceptionOfType(MisfitException.class)
                .isThrownBy(() -> AnswerType.of(Line.class).read(text))
                .withMessageContaining(message)
                .matches(e -> e.kind() == MisfitException.Kind.NO_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "{\"article\":\"a", "{}{}", "{\"article\":1,\"article\":1}", "x"})
    void whatIsNoJsonIsRefusedAsSuch(String text) {
        assertThatExceptionOfType(MisfitException.class)
                .isThrownBy(() -> AnswerType.of(Line.class).read(text))
                .matches(e -> e.kind() == MisfitException.Kind.NO_JSON);
    }

    @Test
    void otherMisfitsAreRefusedToo() {
        refuses(Currency.class, "\"GBP\"", "expected one of [EUR, USD, CHF]");
        refuses(Payment.class, "{\"type\":\"Gold\"}", "'type' with one of [Cash, Card, Voucher]");
        refuses(Payment.class, "{\"type\":\"Cash\",\"x\":1}", "expected no other members");
        refuses(double.class, "1e309", "expected a number up to 1.7976931348623157E+308");
        refuses(int[].class, "[1,\"2\"]", "int[][1]: found \"2\"");
        refuses(Boxes.class, "{\"tiny\":128}", "Boxes.tiny: found 128, expected -128 to 127");
        refuses(java.time.LocalDate.class, "\"2023-02-31\"", "expected a text of the pattern");
        refuses(int[].class, "[" + "[".repeat(30) + "]".repeat(30) + "]", "a whole number");
    }

    private static void refuses(Class<?> type, String text, String message) {
        assertThatExceptionOfType(MisfitException.class)
                .isThrownBy(() -> AnswerType.of(type).read(text))
                .withMessageContaining(message);
    }

    @Test
    void aTypeIsReadOnce() {
        assertThat(AnswerType.of(Invoice.class)).isSameAs(AnswerType.of(Invoice.class));
    }
}
