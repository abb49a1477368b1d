package autark.server.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Where the door is and for whom it opens.
///
/// @param address to listen at; port 0 for any that is free
/// @param hosts names besides those of this machine's loopback interface that clients may call the
///   server by, without port
/// @param origins of web pages elsewhere that may use the server, as `https://chat.example`
/// @param transport how what goes over the network is kept from others
/// @param keys whether callers need keys
/// @param limits of time and size
public record DoorOptions(
        InetSocketAddress address,
        Set<String> hosts,
        Set<String> origins,
        Transport transport,
        Keys keys,
        Limits limits) {
    private static final Predicate<String> HOST =
            Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\\[[0-9a-f:.]{2,45}]")
                    .asMatchPredicate();
    private static final Predicate<String> ORIGIN =
            Pattern.compile("https?://([a-z0-9.-]{1,253}|\\[[0-9a-f:.]{2,45}])(:\\d{1,5})?")
                    .asMatchPredicate();

    /// Whether callers need keys.
    public enum Keys {
        ASKED,
        NOT_ASKED
    }

    public DoorOptions {
        hosts = lowerCase(hosts);
        origins = lowerCase(origins);
        for (String host : hosts) {
            if (!HOST.test(host)) {
                throw new ServerException(
                        "host: found %s, expected a name as models.example, without a port"
                                .formatted(host));
            }
        }
        for (String origin : origins) {
            if (!ORIGIN.test(origin)) {
                throw new ServerException(
                        "origin: found %s, expected one as https://chat.example, without a path"
                                .formatted(origin));
            }
        }
    }

    private static Set<String> lowerCase(Set<String> names) {
        Set<String> lower = new HashSet<>();
        names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        return Set.copyOf(lower);
    }

    /// For clients on this machine, without keys.
    ///
    /// @param port 0 for any that is free
    public static DoorOptions loopback(int port) {
        return at(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /// At an address or the name of one, without keys and TLS.
    ///
    /// @throws ServerException if the name has no address
    public static DoorOptions at(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new ServerException(
                    "address: found %s, which has no address; expected one of this machine"
                            .formatted(host));
        }
        return at(address);
    }

    /// At an address, without keys and TLS, which other addresses than those of this machine need.
    public static DoorOptions at(InetSocketAddress address) {
        return new DoorOptions(
                address,
                Set.of(),
                Set.of(),
                new Transport.Plain(),
                Keys.NOT_ASKED,
                Limits.standard());
    }

    public DoorOptions withHosts(Set<String> names) {
        return new DoorOptions(address, names, origins, transport, keys, limits);
    }

    public DoorOptions withOrigins(Set<String> pages) {
        return new DoorOptions(address, hosts, pages, transport, keys, limits);
    }

    public DoorOptions withTransport(Transport newTransport) {
        return new DoorOptions(address, hosts, origins, newTransport, keys, limits);
    }

    public DoorOptions withKeys(Keys newKeys) {
        return new DoorOptions(address, hosts, origins, transport, newKeys, limits);
    }

    public DoorOptions withLimits(Limits newLimits) {
        return new DoorOptions(address, hosts, origins, transport, keys, newLimits);
    }

    /// Whether clients on this machine alone can come in.
    public boolean isLocal() {
        return !address.isUnresolved() && address.getAddress().isLoopbackAddress();
    }

    /// Refuses to let the network in without keys, or keys onto the network without TLS.
    ///
    /// @throws ServerException with what to do
    void check() {
        if (address.isUnresolved()) {
            throw new ServerException(
                    "address: found %s, which has no address; expected one of this machine"
                            .formatted(address.getHostString()));
        }
        if (isLocal()) {
            return;
        }
        String found =
                "address: %s can be reached from other machines".formatted(address.getHostString());
        if (keys == Keys.NOT_ASKED) {
            throw new ServerException(
                    found + ", and no keys are asked for; make keys, or listen at 127.0.0.1");
        }
        if (transport instanceof Transport.Plain) {
            throw new ServerException(
                    found
                            + ", and keys and texts would go over the network in the clear; give a"
                            + " certificate for TLS, or say that a proxy in front has one");
        }
    }
}
