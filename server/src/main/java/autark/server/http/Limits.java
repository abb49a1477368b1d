package autark.server.http;

import java.time.Duration;

/// How long the door waits and how much it takes. Every wait for a client and every store of what
/// it sends has its bound here or beside the code that reads it.
///
/// @param headTime until the head of a request is complete, counted from its first byte; for the
///   first request of a connection from its begin, the handshake of TLS apart
/// @param bodyStall without a byte of a body that is being read
/// @param idle between two requests on one connection
/// @param writeStall until a client has taken a slice of an answer
/// @param heartbeat without an event in a stream of events, before a comment is sent in its place
/// @param shutdown for running answers, once the door closes
/// @param connectionsMax at a time
/// @param bodyBytesMax of one body
/// @param bodiesBytesMax of the bodies of all requests that are being answered
public record Limits(
        Duration headTime,
        Duration bodyStall,
        Duration idle,
        Duration writeStall,
        Duration heartbeat,
        Duration shutdown,
        int connectionsMax,
        int bodyBytesMax,
        long bodiesBytesMax) {
    public Limits {
        for (Duration time : new Duration[] {headTime, bodyStall, idle, writeStall, heartbeat}) {
            if (!time.isPositive()) {
                throw new ServerException(
                        "limits: found a time of %s, expected more".formatted(time));
            }
        }
        if (shutdown.isNegative() || connectionsMax < 1 || bodyBytesMax < 1 || bodiesBytesMax < 1) {
            throw new ServerException("limits: found a bound below 1, expected more");
        }
    }

    /// What the server has if nothing else is said. All bodies together may take an eighth of the
    /// heap, and one body in any case.
    public static Limits standard() {
        int bodyBytesMax = 32 << 20;
        return new Limits(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                8192,
                bodyBytesMax,
                Math.max(bodyBytesMax, Runtime.getRuntime().maxMemory() / 8));
    }

    public Limits withHeadTime(Duration time) {
        return new Limits(
                time,
                bodyStall,
                idle,
                writeStall,
                heartbeat,
                shutdown,
                connectionsMax,
                bodyBytesMax,
                bodiesBytesMax);
    }

    public Limits withBodyStall(Duration time) {
        return new Limits(
                headTime,
                time,
                idle,
                writeStall,
                heartbeat,
                shutdown,
                connectionsMax,
                bodyBytesMax,
                bodiesBytesMax);
    }

    public Limits withIdle(Duration time) {
        return new Limits(
                headTime,
                bodyStall,
                time,
                writeStall,
                heartbeat,
                shutdown,
                connectionsMax,
                bodyBytesMax,
                bodiesBytesMax);
    }

    public Limits withWriteStall(Duration time) {
        return new Limits(
                headTime,
                bodyStall,
                idle,
                time,
                heartbeat,
                shutdown,
                connectionsMax,
                bodyBytesMax,
                bodiesBytesMax);
    }

    public Limits withHeartbeat(Duration time) {
        return new Limits(
                headTime,
                bodyStall,
                idle,
                writeStall,
                time,
                shutdown,
                connectionsMax,
                bodyBytesMax,
                bodiesBytesMax);
    }

    public Limits withShutdown(Duration time) {
        return new Limits(
                headTime,
                bodyStall,
                idle,
                writeStall,
                heartbeat,
                time,
                connectionsMax,
                bodyBytesMax,
                bodiesBytesMax);
    }

    public Limits withConnectionsMax(int count) {
        return new Limits(
                headTime,
                bodyStall,
                idle,
                writeStall,
                heartbeat,
                shutdown,
                count,
                bodyBytesMax,
                bodiesBytesMax);
    }

    /// With bounds for one body and for all.
    public Limits withBodyBytesMax(int one, long all) {
        return new Limits(
                headTime,
                bodyStall,
                idle,
                writeStall,
                heartbeat,
                shutdown,
                connectionsMax,
                one,
                all);
    }
}
