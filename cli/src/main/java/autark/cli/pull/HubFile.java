package autark.cli.pull;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A file in a repository of Hugging Face or of a server that speaks its protocol, written
/// `hf:owner/repository/path/to/file` or, for one revision, `hf:owner/repository/file@revision`.
///
/// @param owner a user or an organisation
/// @param repository the name of the repository
/// @param path the file's path inside it
/// @param revision a branch, a tag or a commit
public record HubFile(String owner, String repository, String path, String revision) {
    /// What a reference to such a file begins with.
    public static final String PREFIX = "hf:";

    private static final String DEFAULT_REVISION = "main";
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._/-]{0,127}");
    private static final int PATH_CHARACTER_LIMIT = 512;

    public HubFile {
        boolean partsAreGood =
                PART.matcher(owner).matches()
                        && PART.matcher(repository).matches()
                        && REVISION.matcher(revision).matches();
        if (!partsAreGood || !isPath(path)) {
            throw new PullException(
                    "not a file of a hub: expected hf:owner/repository/file or"
                            + " hf:owner/repository/file@revision");
        }
    }

    /// Reads the form with the prefix `hf:`.
    ///
    /// @throws PullException if the text has another form
    public static HubFile parse(String text) {
        String rest = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : "";
        int at = rest.lastIndexOf('@');
        String revision = at < 0 ? DEFAULT_REVISION : rest.substring(at + 1);
        String[] parts = (at < 0 ? rest : rest.substring(0, at)).split("/", 3);
        return parts.length == 3
                ? new HubFile(parts[0], parts[1], parts[2], revision)
                : new HubFile("", "", "", revision);
    }

    /// Where an endpoint serves the file.
    URI uri(URI endpoint) {
        String encodedPath =
                Arrays.stream(path.split("/"))
                        .map(HubFile::encode)
                        .collect(Collectors.joining("/"));
        return URI.create(
                "%s/%s/%s/resolve/%s/%s"
                        .formatted(endpoint, owner, repository, encode(revision), encodedPath));
    }

    /// The last component of the path.
    public String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public String toString() {
        String file = PREFIX + owner + "/" + repository + "/" + path;
        boolean isClear = revision.equals(DEFAULT_REVISION) && path.indexOf('@') < 0;
        return isClear ? file : file + "@" + revision;
    }

    private static boolean isPath(String path) {
        return !path.isEmpty()
                && path.length() <= PATH_CHARACTER_LIMIT
                && path.chars().noneMatch(Character::isISOControl)
                && Arrays.stream(path.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    /// Percent-encodes all that is not unreserved in a URI.
    private static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean unreserved =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || "-._~".indexOf(c) >= 0;
            encoded.append(
                    unreserved
                            ? String.valueOf(c)
                            : "%" + HexFormat.of().withUpperCase().toHexDigits(b));
        }
        return encoded.toString();
    }
}
