import org.jspecify.annotations.NullMarked;

/// The program: one class a command; wires the rest.
@NullMarked
module autark.cli {
    requires static org.jspecify;
    requires autark.engine;
    requires autark.server;
    requires info.picocli;
    requires java.management;
    requires java.net.http;
    requires jdk.management;
    requires jdk.unsupported;
    requires tools.jackson.databind;

    // picocli reads the annotations of the commands.
    opens autark.cli to
            info.picocli;
}
