/// Model files: GGUF read with every length and offset checked.
package autark.model.file;
