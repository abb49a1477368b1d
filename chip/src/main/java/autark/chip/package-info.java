/// The chip as the rest of the program sees it: kernels, worker pool, memory.
package autark.chip;
