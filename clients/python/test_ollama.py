"""The Python client of Ollama."""

import json
import unittest

import ollama

from server import MODEL, QUESTION, TOWN, URL, WEATHER, check_weather

GREEDY = {"temperature": 0, "num_predict": 40}


class Ollama(unittest.TestCase):
    def setUp(self):
        self.client = ollama.Client(host=URL, timeout=300)

    def messages(self, text=QUESTION):
        return [{"role": "user", "content": text}]

    def test_chat(self):
        whole = self.client.chat(model=MODEL, messages=self.messages(), options=GREEDY)
        self.assertTrue(whole.done)
        self.assertGreater(whole.eval_count, 0)
        pieces = list(
            self.client.chat(model=MODEL, messages=self.messages(), options=GREEDY, stream=True)
        )
        self.assertEqual("".join(piece.message.content or "" for piece in pieces), whole.message.content)
        self.assertTrue(pieces[-1].done)
        self.assertGreater(pieces[-1].total_duration, 0)

    def test_generate(self):
        whole = self.client.generate(model=MODEL, prompt=QUESTION, options=GREEDY)
        pieces = self.client.generate(model=MODEL, prompt=QUESTION, options=GREEDY, stream=True)
        self.assertEqual("".join(piece.response for piece in pieces), whole.response)

    def test_structured_output(self):
        whole = self.client.chat(
            model=MODEL, messages=self.messages("Name a town."), format=TOWN, options={"num_predict": 100}
        )
        self.assertEqual(set(json.loads(whole.message.content)), {"name", "size"})

    def test_tools(self):
        tool = {
            "type": "function",
            "function": {
                "name": "get_weather",
                "description": "The weather of a city now.",
                "parameters": WEATHER,
            },
        }
        whole = self.client.chat(
            model=MODEL,
            messages=self.messages("How is the weather in Paris? Call the tool."),
            tools=[tool],
            options={"temperature": 0, "num_predict": 100},
        )
        for call in whole.message.tool_calls or []:
            check_weather(dict(call.function.arguments))

    def test_models(self):
        self.assertIn(MODEL, [model.model for model in self.client.list().models])
        shown = self.client.show(MODEL)
        self.assertTrue(shown.details.family)
        self.client.generate(model=MODEL, prompt="x", options={"num_predict": 1})
        self.assertIn(MODEL, [model.model for model in self.client.ps().models])

    def test_an_unknown_model_is_not_found(self):
        with self.assertRaises(ollama.ResponseError) as refused:
            self.client.chat(model="nobody", messages=self.messages())
        self.assertEqual(refused.exception.status_code, 404)


if __name__ == "__main__":
    unittest.main()
