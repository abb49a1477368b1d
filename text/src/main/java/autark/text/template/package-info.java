/// Chat templates: a sandboxed subset of Jinja that turns messages into a prompt.
package autark.text.template;
