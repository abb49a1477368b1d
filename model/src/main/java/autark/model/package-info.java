/// A loaded model: configuration, batch in, logits out.
package autark.model;
