/// The commands, one class each, and what they share: how a model is named, how errors are told.
package autark.cli;
