package autark.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.server.http.ApiException;
import org.junit.jupiter.api.Test;

class MemoryTablesTest {
    private static final byte[] TWO = {1, 2};

    private final Tables tables = Tables.inMemory(5);

    @Test
    void valuesStandUnderNamesInOrder() {
        Table table = tables.table("a", "t");
        table.put("y", TWO);
        table.put("x", new byte[] {3});
        table.put("y", TWO);

        assertThat(tables.table("a", "t").names()).containsExactly("x", "y");
        assertThat(table.get("y")).contains(TWO);
        assertThat(table.remove("y")).isTrue();
        assertThat(table.remove("y")).isFalse();
        assertThat(table.get("y")).isEmpty();
    }

    @Test
    void noTableLeadsToAnother() {
        tables.table("a", "t").put("x", TWO);

        assertThat(tables.table("a", "").names()).isEmpty();
        assertThat(tables.table("b", "t").names()).isEmpty();
        assertThatThrownBy(() -> tables.table("a/t", "")).hasMessageContaining("a/t");
    }

    @Test
    void whatHasNoRoomIsRefused() {
        Table table = tables.table("a", "t");
        table.put("x", TWO);
        tables.table("b", "u").put("x", TWO);

        assertThatThrownBy(() -> table.put("y", TWO)).isInstanceOf(ApiException.class);
        assertThat(table.names()).containsExactly("x");
        table.remove("x");
        table.put("y", TWO);
        table.put("y", new byte[3]);
        assertThat(table.get("y")).contains(new byte[3]);
    }
}
