/// One file an architecture: the order of operations of its forward pass.
package autark.model.arch;
