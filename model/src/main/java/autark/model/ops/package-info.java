/// The operations that a forward pass is written in, and their execution by kernels.
package autark.model.ops;
