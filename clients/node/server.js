// Where the server is, and what the tests share.
import assert from 'node:assert/strict';

export const URL = process.env.AUTARK_URL;
export const MODEL = process.env.AUTARK_MODEL;
export const KEY = process.env.AUTARK_KEY ?? 'none';
export const QUESTION = 'What is the capital of France? Answer in one word.';
export const WEATHER = {
  type: 'object',
  properties: {
    city: { type: 'string', enum: ['Paris', 'Rome', 'Oslo'] },
    unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
  },
  required: ['city', 'unit'],
  additionalProperties: false,
};

export function checkWeather(found) {
  assert.deepEqual(Object.keys(found).sort(), ['city', 'unit']);
  assert.ok(WEATHER.properties.city.enum.includes(found.city), JSON.stringify(found));
  assert.ok(WEATHER.properties.unit.enum.includes(found.unit), JSON.stringify(found));
}
