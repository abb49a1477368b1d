/// Gets models from elsewhere into the store: the only package that opens a connection or starts
/// another program.
package autark.cli.pull;
