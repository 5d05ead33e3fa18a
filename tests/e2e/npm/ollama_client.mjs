// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// node ollama_client.mjs HOST MODEL MODE: the official client, used as anybody would. Prints one JSON object a line.
// MODE: chat | chat-stream | generate | generate-stream | load | list | show | ps | version | embed |
//       abort (leaves after the first words) | error (an unknown model) | pull (which is refused)
import { Ollama } from 'ollama';

const [host, model, mode] = process.argv.slice(2);
const client = new Ollama({ host });
const messages = [{ role: 'user', content: 'Say hello.' }];
const say = (object) => process.stdout.write(JSON.stringify(object) + '\n');
const complain = (error) => say({ status: error.status_code ?? null, name: error.name, message: error.message });

const modes = {
  chat: async () => say(await client.chat({ model, messages })),
  'chat-stream': async () => {
    for await (const part of await client.chat({ model, messages, stream: true })) say(part);
  },
  generate: async () => say(await client.generate({ model, prompt: 'Say hello.', system: 'Be brief.' })),
  'generate-stream': async () => {
    for await (const part of await client.generate({ model, prompt: 'Say hello.', stream: true })) say(part);
  },
  load: async () => say(await client.generate({ model, prompt: '' })),
  list: async () => say(await client.list()),
  show: async () => say(await client.show({ model })),
  ps: async () => say(await client.ps()),
  version: async () => say(await client.version()),
  embed: async () => client.embed({ model, input: ['a', 'b'] }).then(say, complain),
  abort: async () => {
    try {
      for await (const part of await client.chat({ model, messages, stream: true })) {
        if (part.message.content) client.abort();
      }
    } catch (error) {
      complain(error);
    }
  },
  error: async () => client.chat({ model: 'no-such-model', messages }).catch(complain),
  pull: async () => client.pull({ model }).catch(complain),
};
await modes[mode]();
