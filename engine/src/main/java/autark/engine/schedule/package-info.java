/// Which tokens the model reads next: requests that wait, requests that run, and the steps that
/// serve them.
package autark.engine.schedule;
