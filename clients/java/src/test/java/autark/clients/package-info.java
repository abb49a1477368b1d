/// Java clients of other projects against a running server.
package autark.clients;
