package autark.cli.pull;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/// Which addresses may be asked: `https` anywhere, `http` on this machine alone.
final class WebAddress {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private WebAddress() {}

    /// @throws PullException if the address may not be asked
    static void check(URI address) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        String host = address.getHost();
        if (host == null || address.getRawUserInfo() != null) {
            throw new PullException("not an address of a server: " + shown(address));
        }
        boolean allowed = scheme.equals("https") || (scheme.equals("http") && isLoopback(host));
        if (!allowed) {
            throw new PullException("%s://%s is not asked: expected https".formatted(scheme, host));
        }
    }

    /// Whether both addresses are one server: the same scheme, host and port.
    static boolean isSameServer(URI a, URI b) {
        return a.getScheme().equalsIgnoreCase(b.getScheme())
                && a.getHost().equalsIgnoreCase(b.getHost())
                && port(a) == port(b);
    }

    private static boolean isLoopback(String host) {
        return LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return address.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    /// The address without what may be secret in it.
    private static String shown(URI address) {
        return address.getScheme() + "://" + address.getHost();
    }
}
