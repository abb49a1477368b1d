package autark.server.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The header of a request.
///
/// @param values by names in lower case, in the order in which they came
record Headers(Map<String, List<String>> values) {
    /// The first value, if there is one.
    Optional<String> first(String name) {
        List<String> found = values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return found.stream().findFirst();
    }

    /// The value of what must not be said twice: where two parts of a system read different ones of
    /// two, one of them is deceived.
    ///
    /// @throws RefusedException if there are two
    Optional<String> only(String name) {
        List<String> found = values.getOrDefault(name, List.of());
        if (found.size() > 1) {
            throw RefusedException.bad("%s: found %d, expected one".formatted(name, found.size()));
        }
        return found.stream().findFirst();
    }

    /// The elements of a list, in lower case.
    Stream<String> tokens(String name) {
        return values.getOrDefault(name, List.of()).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(token -> token.strip().toLowerCase(Locale.ROOT));
    }
}
