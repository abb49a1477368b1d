/// The server: many people, one machine.
package autark.server;
