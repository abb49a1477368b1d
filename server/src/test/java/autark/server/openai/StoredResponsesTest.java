package autark.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import autark.server.http.ApiException;
import autark.server.store.Tables;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class StoredResponsesTest {
    private static final int ROOM = 500;

    private static Names names(Duration age) {
        Clock clock = Clock.fixed(Instant.EPOCH.plus(age), ZoneOffset.UTC);
        return new Names(clock, new Random(1));
    }

    private static StoredResponses.Stored response(String id) {
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        response.put("id", id);
        return new StoredResponses.Stored(response, JsonNodeFactory.instance.arrayNode());
    }

    @Test
    void theOldestGoWhereThereIsNoRoom() {
        Tables tables = Tables.inMemory(ROOM);
        List<String> ids = new ArrayList<>();
        for (int day = 0; day < 20; day++) {
            Names names = names(Duration.ofDays(day));
            ids.add(names.next(StoredResponses.PREFIX));
            new StoredResponses(tables, names).put("", response(ids.getLast()));
        }
        List<String> kept = tables.table("responses", "").names();

        assertThat(kept).hasSizeBetween(2, 19).isEqualTo(ids.subList(20 - kept.size(), 20));
    }

    @Test
    void whatHasNoRoomAtAllIsRefused() {
        StoredResponses stored = new StoredResponses(Tables.inMemory(5), names(Duration.ZERO));

        assertThatThrownBy(() -> stored.put("", response("resp_1")))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void aResponseIsKeptForThirtyDays() {
        Tables tables = Tables.inMemory();
        Names then = names(Duration.ZERO);
        String id = then.next(StoredResponses.PREFIX);
        new StoredResponses(tables, then).put("", response(id));
        StoredResponses late = new StoredResponses(tables, names(Duration.ofDays(31)));

        assertThat(new StoredResponses(tables, names(Duration.ofDays(29))).find("", id))
                .isPresent();
        assertThat(late.find("", id)).isEmpty();
        late.put("", response(names(Duration.ofDays(31)).next(StoredResponses.PREFIX)));
        assertThat(tables.table("responses", "").names()).hasSize(1).doesNotContain(id);
    }
}
