package autark.engine.seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// The root key, and what follows from it.
///
/// The root key lies in a file that only its owner may read. It encrypts no content: it wraps the
/// tenants' keys, which are random, by AES-KWP. Whoever deletes a wrapped key has made all that was
/// sealed with it unreadable, although the root key lives on.
///
/// Names of tenants and of files become HMACs before they reach the disk: whoever sees the folder
/// cannot tell who the tenants are, nor try out whether a text that he suspects is among the files.
public final class KeyRing implements AutoCloseable {
    /// Bytes of a wrapped key.
    public static final int WRAPPED_BYTES = SealKey.BYTES + 8;

    private static final byte[] NO_SALT = {};

    private final SecureRandom random = new SecureRandom();
    private final SealKey root;
    private final Mac names;

    private KeyRing(SealKey root) {
        this.root = root;
        names = newMac(root.derive("HmacSHA256", NO_SALT, Fields.of("autark key ring 1: names")));
    }

    /// Opens the root key; if there is no file, a new key is drawn.
    ///
    /// @throws SealException if the file holds no key, or others may read it
    public static KeyRing open(Path keyFile) {
        try {
            if (!Files.exists(keyFile)) {
                create(keyFile);
            }
            if (OwnerFile.isOpenToOthers(keyFile)) {
                throw new SealException(
                        "others may read the key file %s (%s), expected rw-------: run `chmod 600` on it, or delete it if somebody else may have read it"
                                .formatted(keyFile, permissions(keyFile)));
            }
            byte[] bytes = OwnerFile.read(keyFile.toRealPath(), SealKey.BYTES);
            if (bytes.length != SealKey.BYTES) {
                throw new SealException(
                        "the key file %s has %s bytes, expected %d: put the right file there, or delete it; without the right key the sealed files are worthless, and made anew"
                                .formatted(
                                        keyFile,
                                        bytes.length > SealKey.BYTES ? "more" : bytes.length,
                                        SealKey.BYTES));
            }
            return new KeyRing(SealKey.take(bytes));
        } catch (IOException e) {
            throw new SealException(
                    "cannot read or create the key file %s: %s".formatted(keyFile, e), e);
        }
    }

    /// A name for the tenant's folder: 64 hexadecimal digits, which tell nothing without the key.
    public String folderName(String tenant) {
        return hmac(Fields.of("folder", Fields.utf8(tenant)));
    }

    /// A name for a file of the tenant: 64 hexadecimal digits, which tell nothing without the key.
    public String fileName(String tenant, String name) {
        return hmac(new SealedName(tenant, name).tagged("file"));
    }

    /// A name that nobody else uses: 16 hexadecimal digits.
    public String uniqueName() {
        byte[] drawn = new byte[8];
        random.nextBytes(drawn);
        return OwnerFile.hex(drawn);
    }

    /// A new random key, for a tenant.
    public SealKey newKey() {
        return SealKey.random(random);
    }

    /// The tenant's key as it may lie on disk.
    public byte[] wrap(String tenant, SealKey key) {
        byte[] bytes = key.copy();
        try {
            Cipher cipher = Cipher.getInstance("AES/KWP/NoPadding");
            cipher.init(Cipher.WRAP_MODE, wrappingKey(tenant));
            return cipher.wrap(new SecretKeySpec(bytes, "AES"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-KWP", e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /// The tenant's key, if it was wrapped for this tenant by this root key.
    public Optional<SealKey> unwrap(String tenant, byte[] wrapped) {
        if (wrapped.length != WRAPPED_BYTES) {
            return Optional.empty();
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/KWP/NoPadding");
            cipher.init(Cipher.UNWRAP_MODE, wrappingKey(tenant));
            byte[] bytes = cipher.unwrap(wrapped, "AES", Cipher.SECRET_KEY).getEncoded();
            return bytes.length == SealKey.BYTES
                    ? Optional.of(SealKey.take(bytes))
                    : Optional.empty();
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        root.close();
    }

    private SecretKey wrappingKey(String tenant) {
        return root.derive(
                "AES", NO_SALT, Fields.of("autark key ring 1: wrap", Fields.utf8(tenant)));
    }

    /// A copy of the prototype, so that threads need not wait for one another.
    private String hmac(byte[] text) {
        try {
            return OwnerFile.hex(((Mac) names.clone()).doFinal(text));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's HMAC can be copied", e);
        }
    }

    private static void create(Path keyFile) throws IOException {
        Path folder = keyFile.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder, OwnerFile.folderAttributes(folder));
        }
        byte[] drawn = new byte[SealKey.BYTES + 8];
        new SecureRandom().nextBytes(drawn);
        byte[] key = Arrays.copyOf(drawn, SealKey.BYTES);
        String unique = OwnerFile.hex(Arrays.copyOfRange(drawn, SealKey.BYTES, drawn.length));
        OwnerFile.createOnce(keyFile, key, unique, OwnerFile.Flush.YES);
        Arrays.fill(drawn, (byte) 0);
        Arrays.fill(key, (byte) 0);
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static Mac newMac(SecretKey key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }
}
