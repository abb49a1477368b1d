package autark.cli.pull;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How to reach the hub, as the variables that its users know say it: `HF_ENDPOINT`, `HF_TOKEN`,
/// `HF_TOKEN_PATH`, `HF_HOME`, `HF_HUB_OFFLINE`.
///
/// @param endpoint the server, without a slash at the end
/// @param token what identifies the user; goes to the endpoint's own host alone
/// @param offline whether the user forbids connections to the hub
record HubSettings(URI endpoint, Optional<String> token, boolean offline) {
    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "true", "yes", "on");
    private static final int TOKEN_BYTES_LIMIT = 4096;

    static HubSettings of(Map<String, String> environment) {
        String offline = environment.getOrDefault("HF_HUB_OFFLINE", "").toLowerCase(Locale.ROOT);
        return new HubSettings(endpoint(environment), token(environment), TRUE.contains(offline));
    }

    private static URI endpoint(Map<String, String> environment) {
        String text = environment.getOrDefault("HF_ENDPOINT", "");
        URI endpoint;
        try {
            endpoint = URI.create((text.isEmpty() ? DEFAULT_ENDPOINT : text).replaceAll("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new PullException("HF_ENDPOINT is no address: " + e.getMessage(), e);
        }
        WebAddress.check(endpoint);
        return endpoint;
    }

    private static Optional<String> token(Map<String, String> environment) {
        String token = environment.getOrDefault("HF_TOKEN", "").strip();
        if (token.isEmpty()) {
            token = tokenFile(environment).map(HubSettings::readToken).orElse("");
        }
        if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new PullException("the token of the hub has characters that no token has");
        }
        return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }

    private static Optional<Path> tokenFile(Map<String, String> environment) {
        String file = environment.getOrDefault("HF_TOKEN_PATH", "");
        if (!file.isEmpty()) {
            return Optional.of(Path.of(file));
        }
        String hubHome = environment.getOrDefault("HF_HOME", "");
        if (!hubHome.isEmpty()) {
            return Optional.of(Path.of(hubHome, "token"));
        }
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (!cache.isEmpty()) {
            return Optional.of(Path.of(cache, "huggingface", "token"));
        }
        return Optional.ofNullable(environment.get("HOME"))
                .map(home -> Path.of(home, ".cache", "huggingface", "token"));
    }

    private static String readToken(Path file) {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(TOKEN_BYTES_LIMIT), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new PullException("cannot read the token of the hub: " + e.getMessage(), e);
        }
    }
}
