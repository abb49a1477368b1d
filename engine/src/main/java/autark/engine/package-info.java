/// The engine as an embedding program sees it: open a model, ask, stream, close.
package autark.engine;
