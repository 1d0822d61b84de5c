// Records llama-server's greedy continuations as expectations for LlamaHost's tests. Rounding differs between builds of ggml's CPU library: let llama-server
// use the libraries that LlamaHost restores (LD_LIBRARY_PATH to a folder with them, under the names that llama-server looks for).
// Usage: llama-server -m models/SmolLM2-135M-Instruct.Q4_1.gguf -c 4096 -np 1 --port 8081 &
//        node tests/llama-server/record.mjs http://localhost:8081 > tests/llama-server/greedy.json
const url = process.argv[2];
const prompts = [
  'Once upon a time', 'The capital of France is', 'In the beginning', 'def fibonacci(n):', 'Dear Sir or Madam,',
  'The quick brown fox', 'Water boils at', '1, 2, 3, 4,', 'To be, or not to be,', 'Die Hauptstadt von Deutschland ist',
  'The meaning of life is', 'SELECT name FROM users WHERE', 'Ingredients: two eggs, flour and', 'My favourite colour is', 'According to the weather report,',
  'The three laws of robotics are', 'import numpy as np\n', 'She opened the door and', 'Photosynthesis is the process by which', 'Q: What is 2 + 2?\nA:',
];
const post = async (path, body) => {
  const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
};
const { build_info } = await (await fetch(url + '/props')).json();
const cases = [];
for (const prompt of prompts) {
  const { tokens } = await post('/tokenize', { content: prompt, add_special: true });
  const answer = await post('/completion', { prompt: tokens, n_predict: 32, temperature: 0, cache_prompt: false, n_probs: 2 });
  const gaps = answer.completion_probabilities.map(step => Math.round((step.top_logprobs[0].logprob - step.top_logprobs[1].logprob) * 1e4) / 1e4);
  cases.push({ prompt, prompt_ids: tokens, ids: answer.completion_probabilities.map(step => step.id), top2_gaps: gaps, text: answer.content, stopped: answer.stop_type });
}
console.log(`{"llama_server": ${JSON.stringify(build_info)}, "cases": [\n${cases.map(one => JSON.stringify(one)).join(',\n')}\n]}`);
