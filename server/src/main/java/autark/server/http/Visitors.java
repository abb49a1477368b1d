package autark.server.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Knows by which names the server may be called, and which web pages may call it.
///
/// Loopback is no border: a page in a browser of this machine can send requests here, under a name
/// that its owner lets point here (DNS rebinding). Such a request names another host in `Host`. And
/// what a page of another origin sends has that origin in `Origin`. A page that is allowed gets the
/// answers of CORS, each with its own name in it and never with `*`; cookies are not known here.
final class Visitors {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final List<String> BROWSER =
            List.of("origin", "referer", "cookie", "sec-fetch-site", "sec-fetch-mode");

    private final DoorOptions options;

    Visitors(DoorOptions options) {
        this.options = options;
    }

    /// Refuses a request that is not meant for this server or comes from a page elsewhere.
    ///
    /// @param localAddress by which the client reached the server
    /// @return the origin of a page elsewhere that may call
    /// @throws ApiException if it is refused
    Optional<String> check(RequestHead head, InetAddress localAddress) {
        String name = head.host().replaceFirst(":\\d{1,5}$", "");
        if (!LOOPBACK.contains(name)
                && !options.hosts().contains(name)
                && !isAddress(name, localAddress)) {
            throw ApiException.of(
                    ApiException.Kind.FORBIDDEN,
                    "Host: the server does not go by this name; one that it should go by has to be"
                            + " among its hosts");
        }
        Optional<String> origin = head.headers().only("origin");
        if (origin.isEmpty() || isOwn(origin.get(), head.host())) {
            return Optional.empty();
        }
        if (!options.origins().contains(origin.get())) {
            throw ApiException.of(
                    ApiException.Kind.FORBIDDEN,
                    "Origin: pages of this origin are not served; one that is to be served has to be"
                            + " among the server's origins");
        }
        return origin;
    }

    /// Whether a request shows that a browser sent it. A page elsewhere cannot have it hide that:
    /// with whatever can change something a browser sends the origin of the page.
    static boolean isBrowser(Headers headers) {
        return BROWSER.stream().anyMatch(name -> headers.first(name).isPresent());
    }

    /// Whether a host is an address in its usual form; no name can be made to point to one.
    private static boolean isAddress(String host, InetAddress address) {
        if (!host.startsWith("[")) {
            return host.equals(address.getHostAddress());
        }
        try {
            return InetAddress.ofLiteral(host.substring(1, host.length() - 1)).equals(address);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean isOwn(String origin, String host) {
        return switch (options.transport()) {
            case Transport.Plain() -> origin.equals("http://" + host);
            case Transport.PlainBehindProxy() ->
                    origin.equals("https://" + host) || origin.equals("http://" + host);
            case Transport.Pem _, Transport.Pkcs12 _ -> origin.equals("https://" + host);
        };
    }
}
