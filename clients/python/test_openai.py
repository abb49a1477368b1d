"""The Python client of OpenAI."""

import json
import unittest

import openai

from server import KEY, LONG, MODEL, QUESTION, TOWN, URL, WEATHER, check_weather

TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city now.",
        "parameters": WEATHER,
        "strict": True,
    },
}


def messages(text=QUESTION):
    return [{"role": "user", "content": text}]


class OpenAi(unittest.TestCase):
    def setUp(self):
        self.client = openai.OpenAI(base_url=URL + "/v1", api_key=KEY, max_retries=0, timeout=300)

    def tearDown(self):
        self.client.close()

    def test_models(self):
        names = [model.id for model in self.client.models.list()]
        self.assertIn(MODEL, names)
        self.assertEqual(self.client.models.retrieve(MODEL).id, MODEL)

    def test_the_streamed_answer_is_the_whole_one(self):
        whole = self.client.chat.completions.create(
            model=MODEL, messages=messages(), temperature=0, max_completion_tokens=40
        )
        text = whole.choices[0].message.content
        self.assertTrue(text)
        self.assertIn(whole.choices[0].finish_reason, ("stop", "length"))
        self.assertEqual(
            whole.usage.total_tokens, whole.usage.prompt_tokens + whole.usage.completion_tokens
        )
        pieces, usage = [], None
        for chunk in self.client.chat.completions.create(
            model=MODEL,
            messages=messages(),
            temperature=0,
            max_completion_tokens=40,
            stream=True,
            stream_options={"include_usage": True},
        ):
            usage = chunk.usage or usage
            if chunk.choices:
                pieces.append(chunk.choices[0].delta.content or "")
        self.assertEqual("".join(pieces), text)
        self.assertEqual(usage.completion_tokens, whole.usage.completion_tokens)

    def test_a_seed_gives_the_same_answer(self):
        answers = {
            self.client.chat.completions.create(
                model=MODEL, messages=messages("Tell me a story."), seed=7, max_tokens=30
            )
            .choices[0]
            .message.content
            for _ in range(3)
        }
        self.assertEqual(len(answers), 1)

    def test_several_choices(self):
        whole = self.client.chat.completions.create(
            model=MODEL, messages=messages("Tell me a story."), n=3, seed=1, max_tokens=20
        )
        texts = [choice.message.content for choice in whole.choices]
        streamed = ["", "", ""]
        for chunk in self.client.chat.completions.create(
            model=MODEL,
            messages=messages("Tell me a story."),
            n=3,
            seed=1,
            max_tokens=20,
            stream=True,
        ):
            for choice in chunk.choices:
                streamed[choice.index] += choice.delta.content or ""
        self.assertEqual(streamed, texts)

    def test_log_probabilities(self):
        whole = self.client.chat.completions.create(
            model=MODEL,
            messages=messages(),
            temperature=0,
            max_tokens=8,
            logprobs=True,
            top_logprobs=3,
        )
        tokens = whole.choices[0].logprobs.content
        for token in tokens:
            self.assertLessEqual(token.logprob, 0)
            self.assertEqual(len(token.top_logprobs), 3)
            self.assertEqual(token.top_logprobs[0].token, token.token)  # greedy
        self.assertTrue("".join(token.token for token in tokens).startswith(
            whole.choices[0].message.content[:3]
        ))

    def test_structured_output(self):
        whole = self.client.chat.completions.create(
            model=MODEL,
            messages=messages("Which town is the largest of France?"),
            max_tokens=100,
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "town", "schema": TOWN, "strict": True},
            },
        )
        town = json.loads(whole.choices[0].message.content)
        self.assertEqual(set(town), {"name", "size"})

    def test_a_tool_is_called(self):
        whole = self.client.chat.completions.create(
            model=MODEL,
            messages=messages("How is the weather in Paris?"),
            tools=[TOOL],
            tool_choice="required",
            seed=3,
            max_tokens=200,
        )
        self.assertEqual(whole.choices[0].finish_reason, "tool_calls")
        calls = whole.choices[0].message.tool_calls
        for call in calls:
            self.assertEqual(call.function.name, "get_weather")
            check_weather(json.loads(call.function.arguments))
        streamed = {}
        for chunk in self.client.chat.completions.create(
            model=MODEL,
            messages=messages("How is the weather in Paris?"),
            tools=[TOOL],
            tool_choice="required",
            seed=3,
            max_tokens=200,
            stream=True,
        ):
            for choice in chunk.choices:
                for call in choice.delta.tool_calls or []:
                    name, arguments = streamed.get(call.index, ("", ""))
                    streamed[call.index] = (
                        name + (call.function.name or ""),
                        arguments + (call.function.arguments or ""),
                    )
        self.assertEqual(
            [streamed[index] for index in sorted(streamed)],
            [(call.function.name, call.function.arguments) for call in calls],
        )
        after = self.client.chat.completions.create(
            model=MODEL,
            messages=messages("How is the weather in Paris?")
            + [
                whole.choices[0].message.model_dump(exclude_none=True),
                *(
                    {"role": "tool", "tool_call_id": call.id, "content": '{"temperature": 21}'}
                    for call in calls
                ),
            ],
            tools=[TOOL],
            max_tokens=30,
        )
        self.assertIsNotNone(after.choices[0].message)

    def test_a_long_prefix_is_not_read_again(self):
        for question in ("Who had a garden?", "What was around it?"):
            whole = self.client.chat.completions.create(
                model=MODEL,
                messages=[{"role": "system", "content": LONG}, *messages(question)],
                max_tokens=8,
            )
        cached = whole.usage.prompt_tokens_details.cached_tokens
        self.assertGreater(cached, whole.usage.prompt_tokens * 0.8)

    def test_an_unknown_field_is_refused_by_name(self):
        with self.assertRaises(openai.BadRequestError) as refused:
            self.client.chat.completions.create(
                model=MODEL, messages=messages(), extra_body={"frobnicate": 1}
            )
        self.assertEqual(refused.exception.param, "frobnicate")

    def test_a_prompt_too_long_is_refused_with_both_numbers(self):
        with self.assertRaises(openai.BadRequestError) as refused:
            self.client.chat.completions.create(model=MODEL, messages=messages(LONG * 100))
        self.assertEqual(refused.exception.code, "context_length_exceeded")
        self.assertRegex(str(refused.exception), r"\d{4,}.*\d{4,}")

    def test_an_unknown_model_is_not_found(self):
        with self.assertRaises(openai.NotFoundError) as refused:
            self.client.chat.completions.create(model="nobody", messages=messages())
        self.assertEqual(refused.exception.code, "model_not_found")

    def test_completions(self):
        whole = self.client.completions.create(
            model=MODEL, prompt="Once upon a time", temperature=0, max_tokens=20, logprobs=2
        )
        text = whole.choices[0].text
        self.assertTrue(text)
        self.assertEqual("".join(whole.choices[0].logprobs.tokens), text)
        streamed = "".join(
            chunk.choices[0].text
            for chunk in self.client.completions.create(
                model=MODEL, prompt="Once upon a time", temperature=0, max_tokens=20, stream=True
            )
            if chunk.choices
        )
        self.assertEqual(streamed, text)

    def test_responses(self):
        first = self.client.responses.create(
            model=MODEL, input="My name is Ada.", max_output_tokens=20, temperature=0
        )
        self.assertTrue(first.output_text)
        self.assertEqual(self.client.responses.retrieve(first.id).output_text, first.output_text)
        second = self.client.responses.create(
            model=MODEL,
            input="What is my name?",
            previous_response_id=first.id,
            max_output_tokens=20,
            temperature=0,
        )
        self.assertGreater(second.usage.input_tokens, first.usage.input_tokens)
        self.client.responses.delete(first.id)
        with self.assertRaises(openai.NotFoundError):
            self.client.responses.retrieve(first.id)

    def test_responses_are_streamed(self):
        with self.client.responses.stream(
            model=MODEL, input=QUESTION, max_output_tokens=20, temperature=0
        ) as stream:
            kinds, text = [], ""
            for event in stream:
                kinds.append(event.type)
                if event.type == "response.output_text.delta":
                    text += event.delta
            final = stream.get_final_response()
        self.assertEqual(kinds[0], "response.created")
        self.assertIn(kinds[-1], ("response.completed", "response.incomplete"))
        self.assertEqual(text, final.output_text)

    def test_files_and_batches(self):
        lines = [
            {
                "custom_id": f"line-{number}",
                "method": "POST",
                "url": "/v1/chat/completions",
                "body": {
                    "model": MODEL,
                    "messages": messages(f"Say the number {number}."),
                    "max_tokens": 8,
                },
            }
            for number in range(4)
        ]
        content = "\n".join(json.dumps(line) for line in lines).encode()
        file = self.client.files.create(file=("lines.jsonl", content), purpose="batch")
        self.assertEqual(self.client.files.content(file.id).content, content)
        batch = self.client.batches.create(
            input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
        )
        while batch.status not in ("completed", "failed", "expired", "cancelled"):
            batch = self.client.batches.retrieve(batch.id)
        self.assertEqual(batch.status, "completed")
        self.assertEqual(batch.request_counts.completed, 4)
        results = [
            json.loads(line)
            for line in self.client.files.content(batch.output_file_id).text.splitlines()
        ]
        self.assertEqual({result["custom_id"] for result in results}, {f"line-{n}" for n in range(4)})
        for result in results:
            self.assertEqual(result["response"]["status_code"], 200)
        self.assertTrue(self.client.files.delete(file.id).deleted)

    def test_what_is_not_there_yet_says_so(self):
        with self.assertRaises(openai.APIStatusError) as refused:
            self.client.embeddings.create(model=MODEL, input="x")
        self.assertIn(refused.exception.status_code, (400, 404, 501))


if __name__ == "__main__":
    unittest.main()
