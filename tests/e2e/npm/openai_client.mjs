// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// node openai_client.mjs BASE_URL MODEL MODE: the official client, used as anybody would. Prints one JSON object a line.
// MODE: plain | stream | models | abort (leaves after the first content) | error (an unknown model) | embeddings |
//       responses | responses-stream (its events) | responses-helper (the accumulating stream) | responses-state (continues,
//       fetches, lists, deletes) | responses-tools (a round trip) | responses-abort | responses-error (continues nothing)
import OpenAI from 'openai';

const [baseURL, model, mode] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'test-key', maxRetries: 0 });
const messages = [{ role: 'user', content: 'Say hello.' }];
const say = (object) => process.stdout.write(JSON.stringify(object) + '\n');

if (mode === 'plain') {
  const reply = await client.chat.completions.create({ model, messages });
  say({ content: reply.choices[0].message.content, finish: reply.choices[0].finish_reason, usage: reply.usage });
} else if (mode === 'stream') {
  const stream = await client.chat.completions.create({
    model, messages, stream: true, stream_options: { include_usage: true },
  });
  for await (const chunk of stream) {
    const choice = chunk.choices[0];
    say({ delta: choice?.delta?.content ?? '', finish: choice?.finish_reason ?? null, usage: chunk.usage ?? null });
  }
  say({ end: true });
} else if (mode === 'abort') {
  const stream = await client.chat.completions.create({ model, messages, stream: true });
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta?.content) {
      stream.controller.abort();
      break;
    }
  }
  say({ aborted: true });
} else if (mode === 'models') {
  const page = await client.models.list();
  say({ models: page.data.map((entry) => [entry.id, entry.owned_by]) });
} else if (mode === 'error') {
  try {
    await client.chat.completions.create({ model: 'no-such-model', messages });
  } catch (error) {
    say({ status: error.status, code: error.code, type: error.type, param: error.param, name: error.constructor.name });
  }
} else if (mode === 'embeddings') {
  const reply = await client.embeddings.create({ model, input: 'hello', encoding_format: 'float' });
  say({ embedding: reply.data[0].embedding, usage: reply.usage });
} else if (mode === 'responses') {
  say(await client.responses.create({ model, input: 'Say hello.', instructions: 'Be brief.', metadata: { a: 'b' } }));
} else if (mode === 'responses-stream') {
  for await (const event of await client.responses.create({ model, input: 'Say hello.', stream: true })) {
    say(event);
  }
  say({ end: true });
} else if (mode === 'responses-helper') {
  const stream = client.responses.stream({ model, input: 'Say hello.' });
  let heard = '';
  stream.on('response.output_text.delta', (event) => { heard += event.delta; });
  say({ ...await stream.finalResponse(), heard });
} else if (mode === 'responses-state') {
  const first = await client.responses.create({ model, input: 'Say hello.' });
  const second = await client.responses.create({ model, input: 'Again.', previous_response_id: first.id });
  const fetched = await client.responses.retrieve(second.id);
  const items = [];
  for await (const item of client.responses.inputItems.list(second.id, { limit: 1, order: 'asc' })) {
    items.push(item);
  }
  await client.responses.delete(second.id);
  let gone = null;
  try {
    await client.responses.retrieve(second.id);
  } catch (error) {
    gone = error.constructor.name;
  }
  say({ previous: second.previous_response_id === first.id, same: fetched.output_text === second.output_text,
    text: fetched.output_text, items, gone });
} else if (mode === 'responses-tools') {
  const tools = [{ type: 'function', name: 'weather', strict: true, parameters: {
    type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false } }];
  const first = await client.responses.stream({ model, tools, input: 'The weather?' }).finalResponse();
  const input = first.output.filter((item) => item.type === 'function_call').map((call) => (
    { type: 'function_call_output', call_id: call.call_id, output: `21 in ${JSON.parse(call.arguments).city}` }));
  const second = await client.responses.create({ model, tools, input, previous_response_id: first.id });
  say({ calls: first.output, text: second.output_text });
} else if (mode === 'responses-abort') {
  const stream = await client.responses.create({ model, input: 'Say hello.', stream: true });
  for await (const event of stream) {
    if (event.type === 'response.output_text.delta') {
      stream.controller.abort();
      break;
    }
  }
  say({ aborted: true });
} else if (mode === 'responses-error') {
  try {
    await client.responses.create({ model, input: 'Say hello.', previous_response_id: 'resp_nothing' });
  } catch (error) {
    say({ status: error.status, code: error.code, type: error.type, param: error.param, name: error.constructor.name });
  }
}
