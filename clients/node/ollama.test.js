// The JavaScript client of Ollama.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ollama } from 'ollama';
import { MODEL, QUESTION, URL } from './server.js';

const client = new Ollama({ host: URL });
const asked = {
  model: MODEL,
  messages: [{ role: 'user', content: QUESTION }],
  options: { temperature: 0, num_predict: 40 },
};

test('the streamed answer is the whole one', async () => {
  const whole = await client.chat(asked);
  let text = '';
  for await (const piece of await client.chat({ ...asked, stream: true })) {
    text += piece.message.content;
  }
  assert.equal(text, whole.message.content);
});

test('models are listed', async () => {
  const { models } = await client.list();
  assert.ok(models.some((model) => model.name === MODEL));
});
