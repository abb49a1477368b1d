/// Routes of Autark's own.
package autark.server.own;
