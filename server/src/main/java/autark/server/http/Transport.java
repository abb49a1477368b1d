package autark.server.http;

import java.nio.file.Path;

/// How what goes over the network is kept from others.
public sealed interface Transport {
    /// It is not. For clients on this machine only.
    record Plain() implements Transport {}

    /// By somebody else: a proxy in front speaks TLS with the clients, and what is between it and
    /// the server is trusted.
    record PlainBehindProxy() implements Transport {}

    /// By TLS 1.3, with a certificate as text files have it.
    ///
    /// @param chain the certificate of the server and those that vouch for it, in PEM
    /// @param key its private key, in PEM (PKCS#8), not encrypted
    record Pem(Path chain, Path key) implements Transport {}

    /// By TLS 1.3, with a certificate and its key in one encrypted file.
    ///
    /// @param file in PKCS#12
    /// @param password a file whose first line opens it
    record Pkcs12(Path file, Path password) implements Transport {}
}
