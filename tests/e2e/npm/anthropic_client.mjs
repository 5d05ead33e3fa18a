// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// node anthropic_client.mjs BASE_URL MODEL MODE: the official client, used as anybody would. Prints one JSON object a line.
// MODE: plain | stream (its events) | helper (the accumulating stream) | tools | tools-stream (a round trip) | error |
//       unlimited (no max_tokens) | abort (leaves after the first text) | count
import Anthropic from '@anthropic-ai/sdk';

const [baseURL, model, mode] = process.argv.slice(2);
const client = new Anthropic({ baseURL, apiKey: 'test-key', maxRetries: 0 });
const messages = [{ role: 'user', content: 'Say hello.' }];
const request = { model, max_tokens: 512, messages };
const say = (object) => process.stdout.write(JSON.stringify(object) + '\n');

const tell = (error) => say({
  name: error.constructor.name, status: error.status ?? null, type: error.type ?? null,
  message: error.apiMessage ?? error.error?.error?.message ?? error.message,
});

const tools = [{
  name: 'weather', description: 'The weather of a city',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}];

async function roundTrip(ask) {
  const first = await ask({ ...request, tools, tool_choice: { type: 'auto' } });
  const results = first.content.filter((block) => block.type === 'tool_use').map((block) => (
    { type: 'tool_result', tool_use_id: block.id, content: `21 degrees in ${block.input.city}` }));
  say({ content: first.content, stop_reason: first.stop_reason, usage: first.usage });
  const second = await ask({
    ...request, tools,
    messages: [...messages, { role: 'assistant', content: first.content },
      { role: 'user', content: [...results, { type: 'text', text: 'In one sentence, please.' }] }],
  });
  say({ content: second.content, stop_reason: second.stop_reason });
}

try {
  if (mode === 'plain') {
    const reply = await client.messages.create({ ...request, system: 'Be brief.' });
    say({ ...reply });
  } else if (mode === 'stream') {
    for await (const event of await client.messages.create({ ...request, stream: true })) {
      say(event);
    }
    say({ end: true });
  } else if (mode === 'helper') {
    const stream = client.messages.stream(request);
    let text = '';
    stream.on('text', (delta) => { text += delta; });
    const reply = await stream.finalMessage();
    say({ ...reply, heard: text });
  } else if (mode === 'tools') {
    await roundTrip((body) => client.messages.create(body));
  } else if (mode === 'tools-stream') {
    await roundTrip((body) => client.messages.stream(body).finalMessage());
  } else if (mode === 'error') {
    await client.messages.create(request);
  } else if (mode === 'unlimited') {
    await client.messages.create({ model, messages });
  } else if (mode === 'abort') {
    const stream = await client.messages.create({ ...request, stream: true });
    for await (const event of stream) {
      if (event.type === 'content_block_delta') {
        stream.controller.abort();
        break;
      }
    }
    say({ aborted: true });
  } else if (mode === 'count') {
    say(await client.messages.countTokens({ model, messages }));
  }
} catch (error) {
  tell(error);
}
