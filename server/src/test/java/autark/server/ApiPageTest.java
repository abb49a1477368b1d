package autark.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ApiPageTest {
    private static final String PAGE =
            """
            # Page

            | `outside` | of routes |

            ## POST /v1/a

            ```json
            {"items": [{"name": "x"}]}
            ```

            | field | example | | what happens |
            |---|---|---|---|
            | `top` | `2`, with `{"on": true}` | honoured | yes |
            | `items[0].name` | `"y"` | refused | no |
            | `deep.er` | `null` | honoured | yes |

            ## GET /v1/b/{id}

            | word | |
            |---|---|
            | `other` | table |

            | field | example | | what happens |
            |---|---|---|---|
            | `limit` | `2` | honoured | yes |
            """;

    private static final String TABLE =
            "## GET /v1/b\n\n| field | example | | what happens |\n|---|---|---|---|\n";

    @Test
    void rowsAreRequests() {
        List<ApiPage.Row> rows = ApiPage.read(PAGE);

        assertThat(rows.stream().map(ApiPage.Row::toString))
                .containsExactly(
                        "POST /v1/a top=2",
                        "POST /v1/a items[0].name=\"y\"",
                        "POST /v1/a deep.er=null",
                        "GET /v1/b/{id} limit=2");
        assertThat(rows.stream().map(ApiPage.Row::honoured))
                .containsExactly(true, false, true, true);
        assertThat(rows.stream().flatMap(row -> row.body().stream()).map(Object::toString))
                .containsExactly(
                        "{\"items\":[{\"name\":\"x\"}],\"on\":true,\"top\":2}",
                        "{\"items\":[{\"name\":\"y\"}]}",
                        "{\"items\":[{\"name\":\"x\"}],\"deep\":{\"er\":null}}");
    }

    @Test
    void aRowOfAnotherFormIsNoRow() {
        assertThatThrownBy(() -> ApiPage.read(TABLE + "| `a` | `1` | perhaps | so |"))
                .hasMessageContaining("perhaps");
    }
}
