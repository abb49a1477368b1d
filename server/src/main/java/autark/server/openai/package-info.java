/// The dialect of OpenAI.
package autark.server.openai;
