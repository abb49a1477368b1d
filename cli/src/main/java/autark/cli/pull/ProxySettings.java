package autark.cli.pull;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which proxy a connection goes through, as `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and
/// `NO_PROXY` (or the same in lower case) say it.
///
/// `NO_PROXY` is a list of hosts, separated by commas; a name also means all names below it, and
/// `*` means every host.
final class ProxySettings extends ProxySelector {
    private static final int DEFAULT_PORT = 80;

    private final Optional<URI> https;
    private final Optional<URI> http;
    private final List<String> exceptions;

    private ProxySettings(Optional<URI> https, Optional<URI> http, List<String> exceptions) {
        this.https = https;
        this.http = http;
        this.exceptions = exceptions;
    }

    static ProxySettings of(Map<String, String> environment) {
        List<String> exceptions =
                Arrays.stream(variable(environment, "NO_PROXY").split(","))
                        .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                        .map(entry -> entry.startsWith(".") ? entry.substring(1) : entry)
                        .filter(entry -> !entry.isEmpty())
                        .toList();
        return new ProxySettings(
                proxy(environment, "HTTPS_PROXY"), proxy(environment, "HTTP_PROXY"), exceptions);
    }

    @Override
    public List<Proxy> select(URI address) {
        Optional<URI> proxy = isException(address.getHost()) ? Optional.empty() : proxyOf(address);
        return List.of(proxy.map(ProxySettings::toProxy).orElse(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
        // The connection itself tells.
    }

    /// Gives user and password of the proxy's address to that proxy alone; empty if it names none.
    Optional<Authenticator> authenticator() {
        return https.or(() -> http)
                .map(URI::getRawUserInfo)
                .map(ProxySettings::credentials)
                .map(ProxyPassword::new);
    }

    private static final class ProxyPassword extends Authenticator {
        private final PasswordAuthentication credentials;

        private ProxyPassword(PasswordAuthentication credentials) {
            this.credentials = credentials;
        }

        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY ? credentials : null;
        }
    }

    private Optional<URI> proxyOf(URI address) {
        return address.getScheme().equalsIgnoreCase("https") ? https : http;
    }

    private boolean isException(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return exceptions.stream()
                .anyMatch(entry ->
                        entry.equals("*") || name.equals(entry) || name.endsWith("." + entry));
    }

    private static Proxy toProxy(URI proxy) {
        int port = proxy.getPort() < 0 ? DEFAULT_PORT : proxy.getPort();
        return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port));
    }

    private static PasswordAuthentication credentials(String userInfo) {
        String[] parts = userInfo.split(":", 2);
        String password = parts.length == 2 ? parts[1] : "";
        return new PasswordAuthentication(decode(parts[0]), decode(password).toCharArray());
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static Optional<URI> proxy(Map<String, String> environment, String name) {
        String text = variable(environment, name);
        String all = variable(environment, "ALL_PROXY");
        String chosen = text.isEmpty() ? all : text;
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        URI proxy;
        try {
            proxy = URI.create(chosen.contains("://") ? chosen : "http://" + chosen);
        } catch (IllegalArgumentException e) {
            throw new PullException(name + " is no address of a proxy", e);
        }
        if (!proxy.getScheme().equalsIgnoreCase("http") || proxy.getHost() == null) {
            throw new PullException(
                    "%s names a proxy of the kind %s; expected http://host:port"
                            .formatted(name, proxy.getScheme()));
        }
        return Optional.of(proxy);
    }

    private static String variable(Map<String, String> environment, String name) {
        String upper = environment.getOrDefault(name, "");
        return upper.isEmpty()
                ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "").strip()
                : upper.strip();
    }
}
