// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// node openai_client.mjs BASE_URL MODEL MODE: the official client, used as anybody would. Prints one JSON object a line.
// MODE: plain | stream | models | abort (leaves after the first content) | error (an unknown model)
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
}
