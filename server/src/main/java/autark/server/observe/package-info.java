/// What the server tells its owner of its work: metrics and a log, never what is asked or answered.
package autark.server.observe;
