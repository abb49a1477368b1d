/// One class a kernel and instruction set; the scalar twin says what the others must compute.
package autark.chip.kernel;
