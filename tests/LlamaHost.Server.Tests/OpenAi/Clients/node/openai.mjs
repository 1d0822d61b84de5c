// OpenAI's own JavaScript library. Arguments: the server's address, a model.
import assert from "node:assert/strict";
import OpenAI from "openai";

const [address, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}v1`, apiKey: "not-needed", maxRetries: 0 });
const messages = [{ role: "user", content: "What is the capital of France?" }];
const tools = [{
  type: "function",
  function: {
    name: "get_weather",
    strict: true,
    parameters: {
      type: "object", properties: { city: { type: "string", maxLength: 20 }, unit: { enum: ["C", "F"] } },
      required: ["city", "unit"], additionalProperties: false,
    },
  },
}];

const whole = await client.chat.completions.create({ model, messages, temperature: 0, max_tokens: 24, cache_salt: "mine" });
assert.ok(whole.choices[0].message.content.length > 20);
assert.ok(whole._request_id);

const runner = client.chat.completions.stream({ model, messages, temperature: 0, max_tokens: 24, stream_options: { include_usage: true } });
const streamed = await runner.finalChatCompletion();
assert.ok(streamed.choices[0].message.content.length > 20);
assert.ok((await runner.totalUsage()).completion_tokens > 0);

// One call: a small model goes on calling until it is cut.
const called = await client.chat.completions.stream({
  model, messages, tools, tool_choice: "required", parallel_tool_calls: false, temperature: 0, max_tokens: 300,
}).finalChatCompletion();
const call = called.choices[0].message.tool_calls[0];
assert.equal(called.choices[0].finish_reason, "tool_calls");
assert.ok(["C", "F"].includes(JSON.parse(call.function.arguments).unit));

const structured = await client.chat.completions.parse({
  model, messages, temperature: 0, max_tokens: 200,
  response_format: {
    type: "json_schema",
    json_schema: {
      name: "capital", strict: true,
      schema: { type: "object", properties: { capital: { type: "string", maxLength: 20 } }, required: ["capital"], additionalProperties: false },
    },
  },
});
assert.equal(typeof JSON.parse(structured.choices[0].message.content).capital, "string");

const completion = await client.completions.create({ model, prompt: "Once upon a time", echo: true, logprobs: 2, max_tokens: 4, temperature: 0 });
assert.ok(completion.choices[0].text.startsWith("Once upon a time"));
assert.equal(completion.choices[0].logprobs.token_logprobs[0], null);

assert.equal((await client.models.retrieve(model)).id, model);
await assert.rejects(client.chat.completions.create({ model: "no-such-model", messages }), OpenAI.NotFoundError);
await assert.rejects(
  client.chat.completions.create({ model, messages, temperature: 9 }),
  error => error instanceof OpenAI.BadRequestError && error.param === "temperature");

const aborted = await client.chat.completions.create({ model, messages: [{ role: "user", content: "Tell a long story." }], stream: true, max_tokens: 2000 });
for await (const chunk of aborted) {
  assert.equal(chunk.object, "chat.completion.chunk");
  aborted.controller.abort();
}
