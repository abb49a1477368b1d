package autark.server.openai;

import autark.server.http.ApiException;
import autark.server.http.Exchange;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A part of a list, as the parameters `limit`, `order` and `after` ask for it.
///
/// @param after the id of the thing before the part
record Paging(int limit, boolean newestFirst, Optional<String> after) {
    private static final int LIMIT = 20;

    /// Reads the parameters.
    ///
    /// @param limitMax most things in a part
    /// @throws ApiException if one is out of range
    static Paging read(Exchange exchange, int limitMax) {
        String order = exchange.query("order").orElse("desc");
        if (!order.equals("asc") && !order.equals("desc")) {
            throw ApiException.field("order", "order: expected asc or desc");
        }
        return new Paging(limit(exchange, limitMax), order.equals("desc"), exchange.query("after"));
    }

    private static int limit(Exchange exchange, int limitMax) {
        String limit = exchange.query("limit").orElse(Integer.toString(Math.min(LIMIT, limitMax)));
        try {
            int value = Integer.parseInt(limit);
            if (value >= 1 && value <= limitMax) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw ApiException.field("limit", "limit: expected 1 to " + limitMax);
    }

    /// The part of a list.
    ///
    /// @param oldestFirst all ids
    /// @param thing of an id; nothing if it has gone
    ObjectNode of(List<String> oldestFirst, Function<String, Optional<? extends JsonNode>> thing) {
        List<String> ids = newestFirst ? oldestFirst.reversed() : oldestFirst;
        int begin = 0;
        if (after.isPresent()) {
            begin = ids.indexOf(after.get()) + 1;
            if (begin == 0) {
                throw ApiException.field("after", "after: found nothing of that id");
            }
        }
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        page.put("object", "list");
        ArrayNode data = page.putArray("data");
        int next = begin;
        while (next < ids.size() && data.size() < limit) {
            thing.apply(ids.get(next)).ifPresent(data::add);
            next++;
        }
        if (data.isEmpty()) {
            page.putNull("first_id");
            page.putNull("last_id");
        } else {
            page.set("first_id", data.required(0).required("id"));
            page.set("last_id", data.required(data.size() - 1).required("id"));
        }
        page.put("has_more", next < ids.size());
        return page;
    }
}
