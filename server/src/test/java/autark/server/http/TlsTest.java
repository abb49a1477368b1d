package autark.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
    private static final String PASSWORD = "not a secret";
    private static final String OTHER = "other";

    /// Algorithms by the names of files; the last one is another key of a kind that is there.
    private static final Map<String, String> ALGORITHMS =
            Map.of("RSA", "RSA", "EC", "EC", "Ed25519", "Ed25519", OTHER, "EC");

    private static final Map<String, Certificate> CERTIFICATES = new HashMap<>();

    @TempDir private static Path folder;

    @BeforeAll
    static void makeCertificates() throws Exception {
        for (String name : ALGORITHMS.keySet()) {
            keytool(
                    List.of(
                            "-J-XX:TieredStopAtLevel=1",
                            "-J-Xshare:auto",
                            "-genkeypair",
                            "-alias",
                            "a",
                            "-keyalg",
                            ALGORITHMS.get(name),
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "san=dns:localhost",
                            "-validity",
                            "3650",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD,
                            "-keystore",
                            file(name, "p12").toString()));
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file(name, "p12"))) {
                store.load(in, PASSWORD.toCharArray());
            }
            Certificate certificate = store.getCertificate("a");
            CERTIFICATES.put(name, certificate);
            write(file(name, "pem"), "CERTIFICATE", certificate.getEncoded());
            write(
                    file(name, "key"),
                    "PRIVATE KEY",
                    store.getKey("a", PASSWORD.toCharArray()).getEncoded());
        }
        Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    }

    private static void keytool(List<String> arguments) throws IOException, InterruptedException {
        List<String> line = new java.util.ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.addAll(arguments);
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static Path file(String algorithm, String kind) {
        return folder.resolve(algorithm + "." + kind);
    }

    private static void write(Path file, String kind, byte[] bytes) throws IOException {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, lines, kind));
    }

    private static Transport.Pem pem(String algorithm) {
        return new Transport.Pem(file(algorithm, "pem"), file(algorithm, "key"));
    }

    private static Transport.Pkcs12 store(String algorithm) {
        return new Transport.Pkcs12(file(algorithm, "p12"), folder.resolve("password"));
    }

    private static Door open(Transport transport, Route... routes) {
        return Doors.open(DoorOptions.loopback(0).withTransport(transport), routes);
    }

    private static SSLSocket client(int port, String algorithm)
            throws GeneralSecurityException, IOException {
        KeyStore known = KeyStore.getInstance("PKCS12");
        known.load(null, null);
        known.setCertificateEntry("a", CERTIFICATES.get(algorithm));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(known);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(RawClient.connected(port), "localhost", port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }

    static List<Transport> transports() {
        return List.of(pem("RSA"), pem("EC"), pem("Ed25519"), store("EC"));
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aRequestIsServedOverTls13(Transport transport) throws Exception {
        String algorithm =
                ALGORITHMS.keySet().stream()
                        .filter(name -> transport.toString().contains(name + "."))
                        .findFirst()
                        .orElseThrow();
        try (Door door = open(transport, Doors.echo());
                SSLSocket socket = client(door.port(), algorithm);
                RawClient client = new RawClient(socket)) {
            String body = "x".repeat(100_000);
            for (int count = 0; count < 3; count++) {
                client.send(
                        Doors.json("/echo", body)
                                .replaceFirst("Host", "Origin: https://localhost\r\nHost"));
                assertThat(client.receive().body()).isEqualTo("/echo " + body.length());
            }
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(socket.getSession().getPeerCertificates()[0])
                    .isEqualTo(CERTIFICATES.get(algorithm));
        }
    }

    @Test
    void otherProtocolsAreRefused() throws Exception {
        try (Door door = open(pem("EC"), Doors.ok())) {
            assertFails(door, socket -> socket.setEnabledProtocols(new String[] {"TLSv1.2"}));
            assertFails(
                    door,
                    socket -> {
                        SSLParameters parameters = socket.getSSLParameters();
                        parameters.setApplicationProtocols(new String[] {"h2"});
                        socket.setSSLParameters(parameters);
                    });
            try (RawClient plain = new RawClient(door.port())) {
                plain.send(Doors.request("GET", "/ok"));
                // an alert of TLS at most, and no answer
                assertThat(plain.drainToEnd()).isLessThan(16);
            }
        }
    }

    private static void assertFails(Door door, Consumer<SSLSocket> way) throws Exception {
        try (SSLSocket socket = client(door.port(), "EC")) {
            way.accept(socket);
            assertThatExceptionOfType(SSLException.class).isThrownBy(socket::startHandshake);
        }
    }

    @Test
    void aHandshakeThatDoesNotComeIsCut() {
        DoorOptions options =
                DoorOptions.loopback(0)
                        .withTransport(pem("EC"))
                        .withLimits(
                                Limits.standard()
                                        .withHeadTime(Duration.ofMillis(50))
                                        .withHeartbeat(Duration.ofMillis(50)));
        try (Door door = Doors.open(options, Doors.ok());
                RawClient client = new RawClient(door.port())) {
            client.send("\u0016\u0003\u0001");
            assertThat(client.drainToEnd()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatGoesIsNoticed(boolean goodbye) throws Exception {
        Semaphore begun = new Semaphore(0);
        Semaphore gone = new Semaphore(0);
        Route waits =
                Doors.get(
                        "/waits",
                        exchange -> {
                            exchange.whenGone(gone::release);
                            begun.release();
                            gone.acquireUninterruptibly();
                            gone.release();
                        });
        try (Door door = open(pem("EC"), waits);
                SSLSocket socket = client(door.port(), "EC")) {
            RawClient client = new RawClient(socket);
            client.send(Doors.request("GET", "/waits"));
            assertThat(begun.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            if (goodbye) {
                client.close();
            } else {
                client.reset();
            }
            assertThat(gone.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            gone.release();
        }
    }

    @Test
    void newFilesAreTakenAndBrokenOnesAreNot() throws Exception {
        Path chain = folder.resolve("chain.pem");
        Path key = folder.resolve("chain.key");
        Files.copy(file("EC", "pem"), chain);
        Files.copy(file("EC", "key"), key);
        TlsKeys keys = TlsKeys.of(new Transport.Pem(chain, key), Duration.ZERO);
        Object first = keys.current();
        assertThat(keys.current()).isSameAs(first);

        // the new certificate is here and its key is not yet
        replace(chain, Files.readString(file(OTHER, "pem")));
        assertThat(keys.current()).isSameAs(first);
        replace(key, Files.readString(file(OTHER, "key")));
        Object second = keys.current();
        assertThat(second).isNotSameAs(first);

        replace(chain, Files.readString(file("EC", "pem")).substring(0, 200));
        assertThat(keys.current()).isSameAs(second);
        replace(chain, "");
        assertThat(keys.current()).isSameAs(second);
        Files.delete(chain);
        assertThat(keys.current()).isSameAs(second);
        replace(chain, Files.readString(file("EC", "pem")));
        replace(key, Files.readString(file("EC", "key")));
        assertThat(keys.current()).isNotSameAs(second);
    }

    private static void replace(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    @Test
    void filesThatDoNotServeAreToldAtTheStart() throws IOException {
        Path key = folder.resolve("old.key");
        Files.writeString(key, "-----BEGIN RSA PRIVATE KEY-----\nAA==\n");
        Path password = folder.resolve("wrong");
        Files.writeString(password, "wrong");
        Map<Transport, String> cases =
                Map.of(
                        new Transport.Pem(file("EC", "pem"), key), "openssl pkcs8",
                        new Transport.Pem(file("EC", "pem"), file(OTHER, "key")), "EC.pem",
                        new Transport.Pem(file("EC", "key"), file("EC", "key")), "EC.key",
                        new Transport.Pem(file("EC", "none"), file("EC", "key")), "EC.none",
                        new Transport.Pkcs12(file("EC", "p12"), password), "EC.p12");
        cases.forEach((transport, said) ->
                assertThatExceptionOfType(ServerException.class)
                        .isThrownBy(() -> open(transport, Doors.ok()).close())
                        .withMessageContaining(said));
    }
}
