package autark.server.http;

import java.io.Serial;
import java.time.Duration;

/// A request that is refused or fails. Each dialect has its own form for it; the message is written
/// for the client and names nothing of the machine.
public final class ApiException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /// What kind of failure it is.
    public enum Kind {
        INVALID(400),
        UNAUTHENTICATED(401),
        FORBIDDEN(403),
        NOT_FOUND(404),
        METHOD_NOT_ALLOWED(405),
        /// What is asked for does not fit the state that a thing is in.
        CONFLICT(409),
        TOO_LARGE(413),
        UNSUPPORTED_MEDIA_TYPE(415),
        INTERNAL(500),
        /// A caller has used what it may use.
        LIMITED(429),
        /// The engine has as much to do as it may take on.
        OVERLOADED(429),
        NOT_IMPLEMENTED(501),
        /// A model cannot be had now.
        UNAVAILABLE(503);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /// The status of HTTP; a dialect may have another one.
        public int status() {
            return status;
        }
    }

    private final Kind kind;
    private final String code;
    private final String field;
    private final Duration retryAfter;

    private ApiException(
            Kind kind, String message, String code, String field, Duration retryAfter) {
        super(message);
        this.kind = kind;
        this.code = code;
        this.field = field;
        this.retryAfter = retryAfter;
    }

    public static ApiException of(Kind kind, String message) {
        return new ApiException(kind, message, "", "", Duration.ZERO);
    }

    /// A field that cannot be honoured.
    ///
    /// @param field its path in the body, as `messages[2].content`
    public static ApiException field(String field, String message) {
        return new ApiException(Kind.INVALID, message, "", field, Duration.ZERO);
    }

    /// A field that is at fault in another way than by what it says.
    public static ApiException field(Kind kind, String field, String message) {
        return new ApiException(kind, message, "", field, Duration.ZERO);
    }

    /// With a word for programs, as `context_length_exceeded`.
    public ApiException withCode(String word) {
        return new ApiException(kind, getMessage(), word, field, retryAfter);
    }

    /// With a time after which it is worth another try.
    public ApiException withRetryAfter(Duration time) {
        return new ApiException(kind, getMessage(), code, field, time);
    }

    public Kind kind() {
        return kind;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /// A word for programs; empty if the kind says all.
    public String code() {
        return code;
    }

    /// The field that is at fault; empty if none is.
    public String field() {
        return field;
    }

    /// Zero if another try makes no sense or at any time.
    public Duration retryAfter() {
        return retryAfter;
    }
}
