package autark.model.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A safetensors file in the making, right or wrong.
final class SafetensorsImage {
    /// @param shape as the format has it, rows first
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Tensor(String dtype, List<Long> shape, byte[] data) {}

    final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /// The header of a good file.
    String header() {
        List<String> entries = new ArrayList<>(List.of("\"__metadata__\":{\"format\":\"pt\"}"));
        long at = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            entries.add(
                    "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                            .formatted(
                                    entry.getKey(),
                                    tensor.dtype(),
                                    tensor.shape(),
                                    at,
                                    at + tensor.data().length));
            at += tensor.data().length;
        }
        return "{" + String.join(",", entries) + "}";
    }

    byte[] bytes() {
        return bytes(header());
    }

    /// A file with this header, right or wrong.
    byte[] bytes(String header) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        int dataBytes = tensors.values().stream().mapToInt(tensor -> tensor.data().length).sum();
        ByteBuffer file =
                ByteBuffer.allocate(Long.BYTES + text.length + dataBytes)
                        .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text);
        tensors.values().forEach(tensor -> file.put(tensor.data()));
        return file.array();
    }
}
