package autark.cli.pull;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLException;

/// Asks a hub and follows its redirects by hand, so that the token never goes to another server and
/// each address is checked before it is asked.
final class HubClient {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final int REDIRECT_LIMIT = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    static {
        // Without this the JDK never tells a proxy the password that the user gave it.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    private final HubSettings settings;
    private final HttpClient http;

    HubClient(HubSettings settings, ProxySettings proxy) {
        this.settings = settings;
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT_LIMIT)
                        .proxy(proxy);
        proxy.authenticator().ifPresent(builder::authenticator);
        this.http = builder.build();
    }

    /// Decides whether an answer is wanted although it is a redirect.
    interface Enough {
        boolean test(HttpResponse<InputStream> answer);
    }

    /// Asks for a file.
    ///
    /// @param method `HEAD` or `GET`
    /// @param firstByte where the wanted part begins
    /// @param enough which redirects are not followed
    /// @return an answer with a status below 400, or 416; its body is to be closed
    /// @throws PullException if the server cannot be reached or refuses
    /// @throws IOException if the connection broke
    HttpResponse<InputStream> ask(String method, HubFile file, long firstByte, Enough enough)
            throws IOException {
        if (settings.offline()) {
            throw new PullException("HF_HUB_OFFLINE is set");
        }
        URI address = file.uri(settings.endpoint());
        for (int hop = 0; hop <= REDIRECT_LIMIT; hop++) {
            WebAddress.check(address);
            HttpResponse<InputStream> answer = send(request(method, address, firstByte));
            if (!REDIRECTS.contains(answer.statusCode()) || enough.test(answer)) {
                return checked(answer, address);
            }
            answer.body().close();
            address = target(answer, address);
        }
        throw new PullException("more than " + REDIRECT_LIMIT + " redirects");
    }

    private HttpRequest request(String method, URI address, long firstByte) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address)
                        .timeout(ANSWER_LIMIT)
                        .header("Accept-Encoding", "identity")
                        .header("User-Agent", "autark");
        if (method.equals("HEAD")) {
            request.HEAD();
        }
        if (firstByte > 0) {
            request.header("Range", "bytes=" + firstByte + "-");
        }
        if (WebAddress.isSameServer(address, settings.endpoint())) {
            settings.token().ifPresent(t -> request.header("Authorization", "Bearer " + t));
        }
        return request.build();
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException | HttpTimeoutException | SSLException e) {
            throw new PullException(
                    "cannot reach %s: %s".formatted(request.uri().getHost(), reason(e)), e);
        } catch (IllegalArgumentException e) {
            // The JDK's client lets a header that is no number through as this.
            throw new PullException(
                    "%s does not speak HTTP: %s".formatted(request.uri().getHost(), e.getMessage()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PullException("interrupted", e);
        }
    }

    private static URI target(HttpResponse<InputStream> answer, URI address) {
        String location = answer.headers().firstValue("Location").orElse("");
        try {
            return address.resolve(URI.create(location));
        } catch (IllegalArgumentException e) {
            throw new PullException(address.getHost() + " redirects to no address", e);
        }
    }

    private HttpResponse<InputStream> checked(HttpResponse<InputStream> answer, URI address)
            throws IOException {
        int status = answer.statusCode();
        if (status < 400 || status == 416) {
            return answer;
        }
        answer.body().close();
        throw new PullException(
                switch (status) {
                    case 401, 403 ->
                            "%s refuses (%d): %s".formatted(address.getHost(), status, advice());
                    case 404 -> address.getHost() + " has no such file (404)";
                    case 429 -> address.getHost() + " is asked too often (429); try again later";
                    default -> address.getHost() + " answers with status " + status;
                });
    }

    private String advice() {
        return settings.token().isEmpty()
                ? "set HF_TOKEN if the repository is private or gated"
                : "the token of HF_TOKEN may not read this repository";
    }

    /// What an I/O error of a connection means.
    static String reason(IOException failure) {
        return switch (failure) {
            case HttpConnectTimeoutException _ ->
                    "no connection within " + CONNECT_LIMIT.toSeconds() + " s";
            case HttpTimeoutException _ -> "no answer within " + ANSWER_LIMIT.toSeconds() + " s";
            case ConnectException e when isUnknownHost(e) -> "unknown host";
            case ConnectException _ -> "connection refused";
            default ->
                    failure.getMessage() == null
                            ? failure.getClass().getSimpleName()
                            : failure.getMessage();
        };
    }

    private static boolean isUnknownHost(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }
}
