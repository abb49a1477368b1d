/// The dialect of Anthropic.
package autark.server.anthropic;
