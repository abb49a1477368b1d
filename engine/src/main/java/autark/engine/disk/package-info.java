/// Blocks of the prefix cache on disk: sealed, kept apart by tenant, never older than a cap allows.
package autark.engine.disk;
