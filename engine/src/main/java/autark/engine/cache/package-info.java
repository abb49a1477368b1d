/// Beginnings that the engine has read before, kept for requests that begin alike.
package autark.engine.cache;
