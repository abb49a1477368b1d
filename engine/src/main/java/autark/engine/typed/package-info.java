/// Answers as values of Java types: a JSON Schema made of a type, and values made of answers.
package autark.engine.typed;
