/// What a running server does under load, seen from outside; nothing of it is shipped.
package autark.bench.http;
