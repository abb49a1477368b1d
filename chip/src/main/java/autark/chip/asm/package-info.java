/// A small typed assembler for the instructions that the kernels use.
package autark.chip.asm;
