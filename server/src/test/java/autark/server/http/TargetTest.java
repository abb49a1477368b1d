package autark.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/v1/models/smollm2:135m, /v1/models/smollm2:135m",
        "/v1/models/smollm2%3A135m, /v1/models/smollm2:135m",
        "/v1/models/a/b, /v1/models/a/b",
        "/v1/models/, /v1/models/",
        "/%76%31, /v1",
        "/a.b, /a.b",
        "/..., /...",
        "/.a, /.a",
        "/a%20b, /a b",
        "/%25, /%",
        "/%252e, /%2e",
        "/%C3%A4, /ä",
        "/a+b, /a+b",
        "/a?b/../c, /a",
    })
    void aPathHasOneForm(String written, String path) {
        assertThat(Target.parse(written).path()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "v1",
                "?a",
                "//",
                "//v1",
                "/v1//models",
                "/.",
                "/..",
                "/./a",
                "/../a",
                "/a/..",
                "/a/.",
                "/a/../b",
                "/%2e",
                "/%2E%2e/a",
                "/.%2e",
                "/a/%2e./b",
                "/%2f",
                "/a%2Fb",
                "/%2F..",
                "/%5c",
                "/a%5Cb",
                "/a\\b",
                "/%",
                "/%2",
                "/%g0",
                "/%0g",
                "/%u0041",
                "/%00",
                "/%0a",
                "/%1f",
                "/%7f",
                "/%80",
                "/%c0%af",
                "/%ed%a0%80",
                "/%f8%88%80%80%80",
                "/a b",
                "/a#b",
                "/a\"b",
                "/<",
                "/a|b",
                "/{a}",
                "/a^b",
                "/`",
                "/[",
                "/\u00e4",
                "/a?%",
                "/a?%00",
                "/a?#",
                "/a?b=%c3",
                "/a?b=\u00e4"
            })
    void eachOtherFormIsRefused(String written) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Target.parse(written))
                .matches(refused -> refused.status() == 400);
    }
}
