"""LiteLLM in the three dialects."""

import unittest

import litellm

from server import KEY, MODEL, QUESTION, URL

litellm.telemetry = False

ROUTES = {
    "openai/" + MODEL: URL + "/v1",
    "anthropic/" + MODEL: URL,
    "ollama_chat/" + MODEL: URL,
}


class LiteLlm(unittest.TestCase):
    def test_every_dialect_gives_the_same_answer(self):
        answers = {}
        for model, base in ROUTES.items():
            asked = {
                "model": model,
                "api_base": base,
                "api_key": KEY,
                "messages": [{"role": "user", "content": QUESTION}],
                "temperature": 0,
                "max_tokens": 24,
            }
            whole = litellm.completion(**asked)
            answers[model] = whole.choices[0].message.content
            streamed = "".join(
                chunk.choices[0].delta.content or ""
                for chunk in litellm.completion(**asked, stream=True)
            )
            self.assertEqual(streamed, answers[model], model)
        self.assertEqual(len(set(answers.values())), 1, answers)


if __name__ == "__main__":
    unittest.main()
