// Records llama-server's embeddings of short texts, each asked for alone, as expectations for LlamaHost's tests; see record.mjs for the libraries to use.
// Usage: node tests/llama-server/record-embeddings.mjs PATH_OF_LLAMA_SERVER > tests/llama-server/embeddings.json
import { spawn } from 'node:child_process';
const exact = ['-ctk', 'f32', '-ctv', 'f32', '-fa', 'off'];
const tiny = [[63, 94, 319, 614], [417], [258, 253, 655, 100, 200, 300, 9, 8, 7, 63, 94]];
const runs = [
  ...['mean', 'cls', 'last'].map(pooling => ({ model: 'tiny-llama', path: 'tests/golden/models/tiny-llama.gguf', pooling, options: exact, inputs: tiny })),
  { model: 'tiny-stablelm', path: 'tests/golden/models/tiny-stablelm.gguf', pooling: 'mean', options: exact, inputs: tiny },
  {
    model: 'SmolLM2-135M-Instruct.Q4_1', path: 'models/SmolLM2-135M-Instruct.Q4_1.gguf', pooling: 'mean', options: [],
    inputs: ['The capital of France is Paris.', 'Water boils at 100 degrees.'],
  },
];
const url = 'http://127.0.0.1:8097';
const cases = [];
for (const { model, path, pooling, options, inputs } of runs) {
  const server = spawn(process.argv[2], ['-m', path, '--embedding', '--pooling', pooling, '-c', '512', '-np', '1', '-t', '1', '--port', '8097', ...options], { stdio: 'ignore' });
  const ended = new Promise(resolve => server.on('exit', resolve));
  try {
    for (let ready = false; !ready; await new Promise(resolve => setTimeout(resolve, 100)))
      ready = await fetch(url + '/health').then(response => response.ok, () => false);
    for (const input of inputs) {
      const response = await fetch(url + '/v1/embeddings', { method: 'POST', body: JSON.stringify({ input }), headers: { 'content-type': 'application/json' } });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      const { data, usage } = await response.json();
      cases.push({ model, pooling, input, tokens: usage.prompt_tokens, embedding: data[0].embedding.map(value => Number(value.toPrecision(7))) });
    }
  } finally {
    server.kill();
    await ended;
  }
}
console.log(`{"cases": [\n${cases.map(one => JSON.stringify(one)).join(',\n')}\n]}`);
