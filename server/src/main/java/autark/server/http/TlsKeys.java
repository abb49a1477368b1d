package autark.server.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/// The certificate of the server and its key, read from files and read again when they change.
///
/// A new connection looks whether the files have changed, at most once in [#CHECK_EVERY]. Where
/// what is new cannot be used (half of it is written, the key is of the old certificate) the old
/// one stays and the log says why.
final class TlsKeys {
    private static final Duration CHECK_EVERY = Duration.ofSeconds(2);
    private static final String ENTRY = "server";
    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";
    private static final Logger LOGGER = System.getLogger(TlsKeys.class.getName());

    private final List<Path> files;
    private final Source source;
    private final long checkNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private List<Stamp> stamps;
    private long checkedNanos = System.nanoTime();
    private SSLSocketFactory current;

    /// How the files of a kind are read.
    @FunctionalInterface
    private interface Source {
        Pair read() throws IOException, GeneralSecurityException;
    }

    private record Pair(PrivateKey key, List<Certificate> chain) {}

    /// What tells that a file has changed.
    private record Stamp(FileTime modified, long bytes) {}

    private TlsKeys(List<Path> files, Source source, Duration checkEvery) {
        this.files = files;
        this.source = source;
        this.checkNanos = checkEvery.toNanos();
        try {
            this.stamps = stamps();
            this.current = load();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new ServerException("TLS: cannot use %s: %s".formatted(files, e.getMessage()));
        }
    }

    /// @throws ServerException if the files cannot be read or do not fit one another
    static TlsKeys of(Transport.Pem pem) {
        return of(pem, CHECK_EVERY);
    }

    /// @param checkEvery how often a new connection looks for new files
    static TlsKeys of(Transport.Pem pem, Duration checkEvery) {
        return new TlsKeys(List.of(pem.chain(), pem.key()), () -> read(pem), checkEvery);
    }

    /// @throws ServerException if the files cannot be read or do not fit one another
    static TlsKeys of(Transport.Pkcs12 store) {
        return new TlsKeys(List.of(store.file(), store.password()), () -> read(store), CHECK_EVERY);
    }

    /// Makes the sockets of new connections.
    SSLSocketFactory current() {
        lock.lock();
        try {
            if (System.nanoTime() - checkedNanos >= checkNanos) {
                checkedNanos = System.nanoTime();
                refresh();
            }
            return current;
        } finally {
            lock.unlock();
        }
    }

    private void refresh() {
        try {
            List<Stamp> found = stamps();
            if (!found.equals(stamps)) {
                stamps = found;
                current = load();
                LOGGER.log(Level.INFO, "TLS: a new certificate is in use");
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            LOGGER.log(
                    Level.WARNING,
                    "TLS: the old certificate stays, cannot use {0}: {1}",
                    files,
                    e.getMessage());
        }
    }

    private List<Stamp> stamps() throws IOException {
        List<Stamp> found = new ArrayList<>();
        for (Path file : files) {
            found.add(new Stamp(Files.getLastModifiedTime(file), Files.size(file)));
        }
        return found;
    }

    private SSLSocketFactory load() throws IOException, GeneralSecurityException {
        Pair pair = source.read();
        if (!fit(pair.key(), pair.chain().getFirst().getPublicKey())) {
            throw new IllegalArgumentException("the key is not that of the certificate");
        }
        char[] none = {};
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, none);
        store.setKeyEntry(ENTRY, pair.key(), none, pair.chain().toArray(Certificate[]::new));
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(store, none);
        KeyManager[] own = managers.getKeyManagers();
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(own, null, null);
        return context.getSocketFactory();
    }

    private static boolean fit(PrivateKey secret, PublicKey known) throws GeneralSecurityException {
        Signature signature =
                Signature.getInstance(
                        switch (known.getAlgorithm()) {
                            case "RSA" -> "SHA256withRSA";
                            case "EC" -> "SHA256withECDSA";
                            default -> "EdDSA";
                        });
        byte[] anything = ENTRY.getBytes(StandardCharsets.US_ASCII);
        signature.initSign(secret);
        signature.update(anything);
        byte[] signed = signature.sign();
        signature.initVerify(known);
        signature.update(anything);
        return signature.verify(signed);
    }

    private static Pair read(Transport.Pem pem) throws IOException, GeneralSecurityException {
        List<Certificate> chain =
                List.copyOf(
                        CertificateFactory.getInstance("X.509")
                                .generateCertificates(
                                        new ByteArrayInputStream(Files.readAllBytes(pem.chain()))));
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("found no certificate, expected PEM");
        }
        String text = Files.readString(pem.key(), StandardCharsets.US_ASCII);
        int begin = text.indexOf(KEY_BEGIN);
        int end = text.indexOf(KEY_END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(
                    "found no line %s in the file of the key; another form becomes that one by"
                                    .formatted(KEY_BEGIN)
                            + " openssl pkcs8 -topk8 -nodes");
        }
        byte[] encoded =
                Base64.getMimeDecoder().decode(text.substring(begin + KEY_BEGIN.length(), end));
        String algorithm = chain.getFirst().getPublicKey().getAlgorithm();
        return new Pair(
                KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded)),
                chain);
    }

    private static Pair read(Transport.Pkcs12 file) throws IOException, GeneralSecurityException {
        char[] password =
                Files.readString(file.password()).lines().findFirst().orElse("").toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file.file())) {
            store.load(in, password);
        }
        for (String name : Collections.list(store.aliases())) {
            if (store.isKeyEntry(name) && store.getKey(name, password) instanceof PrivateKey key) {
                return new Pair(key, List.of(store.getCertificateChain(name)));
            }
        }
        throw new IllegalArgumentException("found no private key in it");
    }
}
