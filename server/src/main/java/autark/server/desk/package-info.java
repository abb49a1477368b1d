/// Where every dialect brings what its clients ask: the one way to an engine.
package autark.server.desk;
