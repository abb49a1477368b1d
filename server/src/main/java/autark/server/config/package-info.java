/// What the server is told from outside: flags, environment and a file, as one set of settings.
package autark.server.config;
