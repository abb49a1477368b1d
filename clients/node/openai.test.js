// The JavaScript client of OpenAI.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { KEY, MODEL, QUESTION, URL, WEATHER, checkWeather } from './server.js';

const client = new OpenAI({ baseURL: URL + '/v1', apiKey: KEY, maxRetries: 0 });
const asked = {
  model: MODEL,
  messages: [{ role: 'user', content: QUESTION }],
  temperature: 0,
  max_completion_tokens: 40,
};

test('the streamed answer is the whole one', async () => {
  const whole = await client.chat.completions.create(asked);
  let text = '';
  for await (const chunk of await client.chat.completions.create({ ...asked, stream: true })) {
    text += chunk.choices[0]?.delta?.content ?? '';
  }
  assert.equal(text, whole.choices[0].message.content);
});

test('an aborted stream ends', async () => {
  const stream = await client.chat.completions.create({
    ...asked,
    max_completion_tokens: 500,
    stream: true,
  });
  for await (const _ of stream) {
    stream.controller.abort();
    break;
  }
  const again = await client.chat.completions.create({ ...asked, max_completion_tokens: 4 });
  assert.ok(again.choices[0].message.content);
});

test('a tool is called', async () => {
  const runner = client.chat.completions.stream({
    model: MODEL,
    messages: [{ role: 'user', content: 'How is the weather in Paris?' }],
    tools: [{ type: 'function', function: { name: 'get_weather', parameters: WEATHER } }],
    tool_choice: { type: 'function', function: { name: 'get_weather' } },
    max_tokens: 200,
  });
  const final = await runner.finalChatCompletion();
  checkWeather(JSON.parse(final.choices[0].message.tool_calls[0].function.arguments));
});

test('responses are streamed', async () => {
  const stream = client.responses.stream({
    model: MODEL,
    input: QUESTION,
    temperature: 0,
    max_output_tokens: 20,
  });
  let text = '';
  for await (const event of stream) {
    if (event.type === 'response.output_text.delta') text += event.delta;
  }
  assert.equal(text, (await stream.finalResponse()).output_text);
});

test('an unknown field is refused by name', async () => {
  await assert.rejects(client.chat.completions.create({ ...asked, frobnicate: 1 }), (refused) => {
    assert.equal(refused.status, 400);
    assert.equal(refused.param, 'frobnicate');
    return true;
  });
});
