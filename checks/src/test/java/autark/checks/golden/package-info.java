/// Results of other implementations that lie beside the checkout, where they lie there.
package autark.checks.golden;
