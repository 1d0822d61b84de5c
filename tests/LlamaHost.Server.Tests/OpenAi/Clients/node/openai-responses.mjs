// The responses of OpenAI's own JavaScript library. Arguments: the server's address, a model.
import assert from "node:assert/strict";
import OpenAI from "openai";

const [address, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}v1`, apiKey: "not-needed", maxRetries: 0 });
const tools = [{
  type: "function", name: "get_weather", strict: true,
  parameters: {
    type: "object", properties: { city: { type: "string", maxLength: 20 }, unit: { enum: ["C", "F"] } },
    required: ["city", "unit"], additionalProperties: false,
  },
}];
const ask = { model, temperature: 0, max_output_tokens: 24 };

const whole = await client.responses.create({ ...ask, input: "What is the capital of France?", instructions: "Be brief.", top_k: 5 });
assert.ok(whole.output_text.length > 5);
assert.ok(whole._request_id);

const next = await client.responses.create({ ...ask, input: "And of Italy?", previous_response_id: whole.id });
assert.equal(next.previous_response_id, whole.id);
assert.ok(next.usage.input_tokens > whole.usage.total_tokens);

const runner = client.responses.stream({ ...ask, input: "What is the capital of France?" });
let text = "";
runner.on("response.output_text.delta", event => { text += event.delta; });
const streamed = await runner.finalResponse();
assert.equal(streamed.output_text, text);
assert.ok(text.length > 5);

const called = await client.responses.stream({
  ...ask, max_output_tokens: 200, input: "How warm is it in Oslo?", tools, tool_choice: "required", parallel_tool_calls: false,
}).finalResponse();
const call = called.output.at(-1);
assert.equal(call.type, "function_call");
assert.ok(["C", "F"].includes(JSON.parse(call.arguments).unit));
const answered = await client.responses.create({
  ...ask, tools, tool_choice: "none",
  input: [
    { role: "user", content: "How warm is it in Oslo?" }, ...called.output, { type: "function_call_output", call_id: call.call_id, output: "12" },
  ],
});
assert.ok(answered.output_text.length > 0);

const parsed = await client.responses.parse({
  ...ask, max_output_tokens: 200, input: "What is the capital of France?",
  text: {
    format: {
      type: "json_schema", name: "capital", strict: true,
      schema: { type: "object", properties: { capital: { type: "string", maxLength: 20 } }, required: ["capital"], additionalProperties: false },
    },
  },
});
assert.equal(typeof parsed.output_parsed.capital, "string");

assert.equal((await client.responses.retrieve(whole.id)).output_text, whole.output_text);
const items = [];
for await (const item of client.responses.inputItems.list(next.id))
  items.push(item);
assert.deepEqual(items.map(item => item.content[0].text), ["And of Italy?"]);
await client.responses.delete(whole.id);
await assert.rejects(client.responses.retrieve(whole.id), OpenAI.NotFoundError);
await assert.rejects(
  client.responses.create({ ...ask, input: "And of Spain?", previous_response_id: whole.id }),
  error => error.code === "previous_response_not_found" && error.param === "previous_response_id");
await assert.rejects(
  client.responses.create({ ...ask, input: "Hello", temperature: 9 }),
  error => error instanceof OpenAI.BadRequestError && error.param === "temperature");

const story = await client.responses.create({ ...ask, input: "Tell a long story.", max_output_tokens: 4000, stream: true });
let last;
for await (const event of story) {
  last = event;
  if (event.type === "response.created")
    assert.equal((await client.responses.cancel(event.response.id)).status, "cancelled");
}
assert.equal(last.type, "response.incomplete");
assert.equal(last.response.status, "cancelled");
