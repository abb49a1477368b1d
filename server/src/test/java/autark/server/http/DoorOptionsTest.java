package autark.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoorOptionsTest {
    private static final DoorOptions EVERYWHERE =
            DoorOptions.at(new InetSocketAddress("0.0.0.0", 0));

    @Test
    void theNetworkComesInWithKeysAndATlsDecisionOnly() {
        assertRefused(EVERYWHERE, "make keys");
        assertRefused(EVERYWHERE.withTransport(new Transport.PlainBehindProxy()), "make keys");
        assertRefused(EVERYWHERE.withKeys(DoorOptions.Keys.ASKED), "certificate");
        assertRefused(
                EVERYWHERE
                        .withKeys(DoorOptions.Keys.ASKED)
                        .withTransport(new Transport.Pem(Path.of("none.pem"), Path.of("none.key"))),
                "none.pem");
        assertRefused(
                DoorOptions.at(InetSocketAddress.createUnresolved("nowhere.invalid", 0)),
                "nowhere.invalid");
    }

    private static void assertRefused(DoorOptions options, String advice) {
        assertThatExceptionOfType(ServerException.class)
                .isThrownBy(() -> Doors.open(options, Doors.ok()).close())
                .withMessageContaining(advice);
    }

    @Test
    void behindAProxyItIsCalledByItsAddressAndItsNames() {
        DoorOptions options =
                EVERYWHERE
                        .withKeys(DoorOptions.Keys.ASKED)
                        .withTransport(new Transport.PlainBehindProxy())
                        .withHosts(Set.of("Models.Example"));
        try (Door door = Doors.open(options, Doors.ok());
                RawClient client = new RawClient(door.port())) {
            for (String host : List.of("models.example", "models.example:443", "127.0.0.1")) {
                client.send(
                        "GET /ok HTTP/1.1\r\nHost: %s\r\nOrigin: https://%s\r\n\r\n"
                                .formatted(host, host));
                assertThat(client.receive().status()).isEqualTo(200);
            }
            client.send("GET /ok HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n");
            assertThat(client.receive().status()).isEqualTo(403);
        }
    }

    @Test
    void anotherAddressOfLoopbackIsItsOwnName() throws java.io.IOException {
        InetSocketAddress second = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0);
        try (Door door = Doors.open(DoorOptions.at(second), Doors.ok());
                RawClient client =
                        new RawClient(new java.net.Socket(second.getAddress(), door.port()))) {
            client.send("GET /ok HTTP/1.1\r\nHost: 127.0.0.2\r\n\r\n");
            assertThat(client.receive().status()).isEqualTo(200);
            client.send("GET /ok HTTP/1.1\r\nHost: 127.0.0.3\r\n\r\n");
            assertThat(client.receive().status()).isEqualTo(403);
        }
    }

    @Test
    void anAddressThatIsTakenIsToldAsSuch() {
        try (Door door = Doors.open(Limits.standard(), Doors.ok())) {
            assertRefused(DoorOptions.loopback(door.port()), "is it taken?");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "a:80", "http://a", "a/b", "a b", "[::1]:80", "*.example"})
    void aHostIsANameWithoutPort(String host) {
        assertThatExceptionOfType(ServerException.class)
                .isThrownBy(() -> EVERYWHERE.withHosts(Set.of(host)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "null", "a.example", "https://a/", "https://*.a", "file://a"})
    void anOriginIsASchemeAndAHost(String origin) {
        assertThatExceptionOfType(ServerException.class)
                .isThrownBy(() -> EVERYWHERE.withOrigins(Set.of(origin)));
    }
}
