/// The models on this machine: files by their SHA-256, names that point to them.
package autark.engine.store;
