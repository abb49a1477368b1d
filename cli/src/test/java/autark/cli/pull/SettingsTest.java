package autark.cli.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the variables of the environment mean.
final class SettingsTest {
    @TempDir private Path folder;
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void withoutVariablesTheUsualHubIsAskedByNobody() {
        HubSettings settings = HubSettings.of(environment);
        assertThat(settings.endpoint()).hasToString("https://huggingface.co");
        assertThat(settings.token()).isEmpty();
        assertThat(settings.offline()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub.example/, https://hub.example",
        "https://hub.example/mirror//, https://hub.example/mirror",
        "http://localhost:8080, http://localhost:8080",
        "http://[::1]:8080, http://[::1]:8080",
    })
    void theEndpointMayBeAnother(String variable, String expected) {
        environment.put("HF_ENDPOINT", variable);
        assertThat(HubSettings.of(environment).endpoint()).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hub.example",
                "ftp://hub.example",
                "hub.example",
                "https://me:pw@hub.example",
                "https://",
                "https://a b",
                "http://localhost.evil.example",
            })
    void anUnsafeEndpointIsRefused(String variable) {
        environment.put("HF_ENDPOINT", variable);
        assertThatExceptionOfType(PullException.class)
                .isThrownBy(() -> HubSettings.of(environment))
                .withMessageNotContaining("pw");
    }

    @Test
    void theTokenComesFromTheFirstPlaceThatHasOne() throws IOException {
        environment.put("HOME", folder.toString());
        assertThat(HubSettings.of(environment).token()).isEmpty();
        write(".cache/huggingface/token", "of home");
        // A token has no spaces; this one only shows which file was read.
        assertThatExceptionOfType(PullException.class)
                .isThrownBy(() -> HubSettings.of(environment));
        write(".cache/huggingface/token", "of-home\n");
        assertThat(HubSettings.of(environment).token()).contains("of-home");
        environment.put("XDG_CACHE_HOME", write("cache", "huggingface/token", "of-cache"));
        assertThat(HubSettings.of(environment).token()).contains("of-cache");
        environment.put("HF_HOME", write("hub", "token", "of-hub"));
        assertThat(HubSettings.of(environment).token()).contains("of-hub");
        environment.put("HF_TOKEN_PATH", write("my-token", "", "of-path"));
        assertThat(HubSettings.of(environment).token()).contains("of-path");
        environment.put("HF_TOKEN", "of-variable");
        assertThat(HubSettings.of(environment).token()).contains("of-variable");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "TRUE, true", "yes, true", "0, false", "'', false"})
    void offline(String variable, boolean expected) {
        environment.put("HF_HUB_OFFLINE", variable);
        assertThat(HubSettings.of(environment).offline()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "https://hub.example/x, secure:1234",
        "http://hub.example/x, plain:80",
        "https://inside.example/x, ''",
        "https://deep.inside.example/x, ''",
        "https://notinside.example/x, secure:1234",
        "https://10.0.0.1/x, ''",
    })
    void theProxyDependsOnSchemeAndHost(URI address, String expected) {
        environment.put("HTTPS_PROXY", "http://secure:1234");
        environment.put("http_proxy", "plain");
        environment.put("NO_PROXY", ".inside.example, 10.0.0.1");
        assertThat(proxy(address)).isEqualTo(expected);
    }

    @Test
    void oneVariableMayNameTheProxyForAll() {
        environment.put("all_proxy", "proxy:1");
        assertThat(proxy(URI.create("https://hub.example"))).isEqualTo("proxy:1");
        environment.put("NO_PROXY", "*");
        assertThat(proxy(URI.create("https://hub.example"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://proxy:1", "https://proxy:1", "http://", "http://a b"})
    void otherKindsOfProxiesAreRefused(String variable) {
        environment.put("HTTPS_PROXY", variable);
        assertThatExceptionOfType(PullException.class)
                .isThrownBy(() -> ProxySettings.of(environment))
                .withMessageContaining("HTTPS_PROXY");
    }

    private String proxy(URI address) {
        Object proxy = ProxySettings.of(environment).select(address).getFirst().address();
        return proxy instanceof InetSocketAddress socket
                ? socket.getHostString() + ":" + socket.getPort()
                : "";
    }

    private void write(String file, String content) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.resolveSibling(""));
        Files.writeString(path, content);
    }

    /// Writes a file below a folder and names the folder.
    private String write(String top, String file, String content) throws IOException {
        Path path = folder.resolve(top);
        write(path.resolve(file).toString(), content);
        return path.toString();
    }
}
