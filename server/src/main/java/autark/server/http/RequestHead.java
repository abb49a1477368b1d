package autark.server.http;

/// What comes before the body of a request, checked.
///
/// @param method as it was sent
/// @param host where the request was sent to, as the client sees it: a name or an address and
///   perhaps a port, in lower case
/// @param closes whether the client wants no other request on this connection
/// @param expectsContinue whether the client waits to be told before it sends the body
record RequestHead(
        String method,
        Target target,
        String host,
        Headers headers,
        Framing framing,
        boolean closes,
        boolean expectsContinue) {}
