/// The parts of a layer as data: weights, norms, rotary embedding, feed-forward, attention.
package autark.model.layer;
