/// Requests and answers as routes see them, and the way into them: routes know no HTTP library.
package autark.server.http;
