/// JSON Schema as a language of texts: which bytes may come next so that the answer is valid.
package autark.text.schema;
