/// What a model wrote, taken apart: thinking and answer.
package autark.text.parse;
