/// The dialect of Ollama.
package autark.server.ollama;
