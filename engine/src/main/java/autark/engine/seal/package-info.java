/// Files that only the owner of a key can read, and nobody can change without being noticed: the
/// one place that encrypts.
package autark.engine.seal;
