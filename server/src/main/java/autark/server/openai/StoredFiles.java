package autark.server.openai;

import autark.server.http.ApiException;
import autark.server.store.Table;
import autark.server.store.Tables;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The files of each tenant: what they are in one table, what is in them, piece by piece, in
/// another.
final class StoredFiles {
    /// Most files of a tenant.
    static final int COUNT_MAX = 1000;

    /// Most bytes of all files of a tenant.
    static final long BYTES_MAX = 4L << 30;

    private final Tables tables;
    private final Names names;

    StoredFiles(Tables tables, Names names) {
        this.tables = tables;
        this.names = names;
    }

    /// What a file is for.
    ///
    /// @param purpose as `batch`
    /// @param lifeSeconds after which it is gone; 0 for never
    record Label(String fileName, String purpose, long lifeSeconds) {}

    /// A name for a file that is to be kept.
    String newId() {
        return names.next("file-");
    }

    /// Keeps a file, in the place of the one of that id.
    ///
    /// @param pieces what is in it; each piece but the last ends with a whole character
    /// @return what it is
    ObjectNode put(String tenant, String id, Label label, Iterator<byte[]> pieces) {
        Table content = content(tenant);
        long bytes = 0;
        int count = 0;
        while (pieces.hasNext()) {
            byte[] piece = pieces.next();
            content.put(piece(id, count), piece);
            bytes += piece.length;
            count++;
        }
        ObjectNode file = JsonNodeFactory.instance.objectNode();
        file.put("id", id);
        file.put("object", "file");
        file.put("bytes", bytes);
        file.put("created_at", names.now());
        if (label.lifeSeconds() > 0) {
            file.put("expires_at", names.now() + label.lifeSeconds());
        } else {
            file.putNull("expires_at");
        }
        file.put("filename", label.fileName());
        file.put("purpose", label.purpose());
        file.put("status", "processed");
        files(tenant).put(id, KeptJson.write(file));
        return file;
    }

    /// Looks whether there may be one more.
    ///
    /// @throws ApiException if the tenant has too many
    void checkRoom(String tenant) {
        List<String> ids = ids(tenant);
        long bytes = 0;
        for (String id : ids) {
            bytes += find(tenant, id).map(file -> file.path("bytes").asLong(0)).orElse(0L);
        }
        if (ids.size() >= COUNT_MAX || bytes >= BYTES_MAX) {
            throw ApiException.of(
                    ApiException.Kind.LIMITED,
                    "found %d files of %d bytes, expected fewer than %d and less than %d: delete some"
                            .formatted(ids.size(), bytes, COUNT_MAX, BYTES_MAX));
        }
    }

    /// The ids of all files, oldest first.
    List<String> ids(String tenant) {
        return files(tenant).names();
    }

    /// What a file is; nothing if the tenant has none of that id.
    Optional<JsonNode> find(String tenant, String id) {
        if (!Names.isName(id)) {
            return Optional.empty();
        }
        Optional<JsonNode> file = files(tenant).get(id).map(KeptJson::read);
        if (file.isPresent()
                && file.get().path("expires_at").asLong(Long.MAX_VALUE) <= names.now()) {
            remove(tenant, id);
            return Optional.empty();
        }
        return file;
    }

    /// @throws ApiException of kind [ApiException.Kind#NOT_FOUND] if the tenant has none of that id
    JsonNode get(String tenant, String id) {
        return find(tenant, id)
                .orElseThrow(() ->
                        ApiException.of(
                                ApiException.Kind.NOT_FOUND,
                                "found no file \"%s\""
                                        .formatted(id.substring(0, Math.min(80, id.length())))));
    }

    /// What is in a file; nothing if there is none, or no such piece.
    Optional<byte[]> piece(String tenant, String id, int index) {
        return content(tenant).get(piece(id, index));
    }

    /// Forgets a file, if it is there.
    void remove(String tenant, String id) {
        files(tenant).remove(id);
        int index = 0;
        while (content(tenant).remove(piece(id, index))) {
            index++;
        }
    }

    /// All that is in a file that was sent whole.
    List<byte[]> pieces(String tenant, String id) {
        List<byte[]> pieces = new ArrayList<>();
        Optional<byte[]> piece = piece(tenant, id, 0);
        while (piece.isPresent()) {
            pieces.add(piece.get());
            piece = piece(tenant, id, pieces.size());
        }
        return pieces;
    }

    private static String piece(String id, int index) {
        return "%s/%06d".formatted(id, index);
    }

    private Table files(String tenant) {
        return tables.table("files", tenant);
    }

    private Table content(String tenant) {
        return tables.table("file-pieces", tenant);
    }
}
