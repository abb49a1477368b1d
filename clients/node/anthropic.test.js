// The JavaScript client of Anthropic.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { KEY, MODEL, QUESTION, URL, WEATHER, checkWeather } from './server.js';

const client = new Anthropic({ baseURL: URL, apiKey: KEY, maxRetries: 0 });
const asked = {
  model: MODEL,
  max_tokens: 40,
  temperature: 0,
  messages: [{ role: 'user', content: QUESTION }],
};

test('the streamed answer is the whole one', async () => {
  const whole = await client.messages.create(asked);
  const final = await client.messages.stream(asked).finalMessage();
  assert.equal(final.content[0].text, whole.content[0].text);
  assert.equal(final.stop_reason, whole.stop_reason);
});

test('a tool is called', async () => {
  const final = await client.messages
    .stream({
      ...asked,
      max_tokens: 200,
      messages: [{ role: 'user', content: 'How is the weather in Paris?' }],
      tools: [{ name: 'get_weather', input_schema: WEATHER }],
      tool_choice: { type: 'any' },
    })
    .finalMessage();
  assert.equal(final.stop_reason, 'tool_use');
  checkWeather(final.content.find((block) => block.type === 'tool_use').input);
});
