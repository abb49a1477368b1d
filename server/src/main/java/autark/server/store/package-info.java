/// What outlives the process: sealed values under names, in tables.
package autark.server.store;
