/// What Autark asks of the operating system: executable memory, large pages, features of the
/// processor.
package autark.chip.os;
