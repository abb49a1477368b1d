/// What Autark asks of the operating system: executable memory.
package autark.chip.os;
