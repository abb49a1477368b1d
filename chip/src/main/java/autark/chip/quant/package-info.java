/// Storage types of weights: block layouts, scalar codec, repacking into kernel tiles.
package autark.chip.quant;
