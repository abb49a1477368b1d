"""The Python client of Anthropic."""

import unittest

import anthropic

from server import KEY, LONG, MODEL, QUESTION, URL, WEATHER, check_weather

TOOL = {
    "name": "get_weather",
    "description": "The weather of a city now.",
    "input_schema": WEATHER,
}


class Anthropic(unittest.TestCase):
    def setUp(self):
        self.client = anthropic.Anthropic(base_url=URL, api_key=KEY, max_retries=0, timeout=300)

    def tearDown(self):
        self.client.close()

    def ask(self, **more):
        return {
            "model": MODEL,
            "max_tokens": 40,
            "extra_body": {"temperature": 0},
            "messages": [{"role": "user", "content": QUESTION}],
        } | more

    def test_the_streamed_answer_is_the_whole_one(self):
        whole = self.client.messages.create(**self.ask())
        self.assertEqual(whole.content[0].type, "text")
        self.assertIn(whole.stop_reason, ("end_turn", "max_tokens"))
        with self.client.messages.stream(**self.ask()) as stream:
            text = "".join(stream.text_stream)
            final = stream.get_final_message()
        self.assertEqual(text, whole.content[0].text)
        self.assertEqual(final.usage.output_tokens, whole.usage.output_tokens)

    def test_tokens_are_counted(self):
        count = self.client.messages.count_tokens(
            model=MODEL, messages=[{"role": "user", "content": QUESTION}]
        )
        whole = self.client.messages.create(**self.ask())
        usage = whole.usage
        self.assertEqual(
            count.input_tokens, usage.input_tokens + (usage.cache_read_input_tokens or 0)
        )

    def test_a_tool_is_called(self):
        asked = self.ask(
            messages=[{"role": "user", "content": "How is the weather in Paris?"}],
            tools=[TOOL],
            tool_choice={"type": "tool", "name": "get_weather"},
            max_tokens=200,
        )
        whole = self.client.messages.create(**asked)
        self.assertEqual(whole.stop_reason, "tool_use")
        calls = [block for block in whole.content if block.type == "tool_use"]
        self.assertTrue(calls)
        for call in calls:
            check_weather(call.input)
        with self.client.messages.stream(**asked) as stream:
            final = stream.get_final_message()
        self.assertEqual(
            [block.input for block in final.content if block.type == "tool_use"],
            [call.input for call in calls],
        )
        after = self.client.messages.create(
            **self.ask(
                messages=[
                    {"role": "user", "content": "How is the weather in Paris?"},
                    {"role": "assistant", "content": [b.model_dump() for b in whole.content]},
                    {
                        "role": "user",
                        "content": [
                            {"type": "tool_result", "tool_use_id": call.id, "content": "21 degrees"}
                            for call in calls
                        ],
                    },
                ],
                tools=[TOOL],
            )
        )
        self.assertEqual(after.role, "assistant")

    def test_a_long_prefix_is_not_read_again(self):
        for question in ("Who had a garden?", "What was around it?"):
            whole = self.client.messages.create(
                **self.ask(
                    system=[
                        {"type": "text", "text": LONG, "cache_control": {"type": "ephemeral"}}
                    ],
                    messages=[{"role": "user", "content": question}],
                    max_tokens=8,
                )
            )
        self.assertGreater(whole.usage.cache_read_input_tokens, 300)

    def test_a_stop_sequence_is_told(self):
        whole = self.client.messages.create(**self.ask())
        word = whole.content[0].text.split()[0][:3]
        cut = self.client.messages.create(**self.ask(stop_sequences=[word]))
        self.assertEqual(cut.stop_reason, "stop_sequence")
        self.assertEqual(cut.stop_sequence, word)

    def test_errors_have_their_form(self):
        with self.assertRaises(anthropic.NotFoundError):
            self.client.messages.create(**self.ask(model="nobody"))
        with self.assertRaises(anthropic.BadRequestError) as refused:
            self.client.messages.create(**self.ask(extra_body={"frobnicate": 1}))
        self.assertEqual(refused.exception.body["error"]["type"], "invalid_request_error")
        self.assertIn("frobnicate", refused.exception.body["error"]["message"])


if __name__ == "__main__":
    unittest.main()
