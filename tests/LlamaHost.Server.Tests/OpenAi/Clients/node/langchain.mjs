// LangChain's client for OpenAI's API. Arguments: the server's address, a model.
import assert from "node:assert/strict";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { z } from "zod";

const [address, model] = process.argv.slice(2);
const configuration = { baseURL: `${address}v1` };
const settings = { model, apiKey: "not-needed", temperature: 0, maxTokens: 60, maxRetries: 0, configuration };
const chat = new ChatOpenAI(settings);

const whole = await chat.invoke("What is the capital of France?");
assert.ok(whole.content.length > 20);
assert.ok(whole.usage_metadata.output_tokens > 0);

let text = "";
for await (const chunk of await chat.stream("What is the capital of France?"))
  text += chunk.content;
assert.ok(text.length > 20);

const structured = new ChatOpenAI({ ...settings, maxTokens: 200 })
  .withStructuredOutput(z.object({ capital: z.string().max(20) }), { name: "capital", method: "jsonSchema" });
assert.equal(typeof (await structured.invoke("What is the capital of France?")).capital, "string");

const caller = new ChatOpenAI({ ...settings, maxTokens: 200 }).bindTools(
  [{ name: "warmth", description: "How warm it is in a city", schema: z.object({ city: z.string().max(20) }) }], { tool_choice: "warmth", parallel_tool_calls: false });
const called = await caller.invoke("How warm is it in Oslo?");
assert.equal(called.tool_calls[0].name, "warmth");
assert.equal(typeof called.tool_calls[0].args.city, "string");

const embeddings = new OpenAIEmbeddings({ model, apiKey: "not-needed", maxRetries: 0, configuration });
const [one, two] = await embeddings.embedDocuments(["one text", "another, longer text"]);
assert.equal(one.length, two.length);

await assert.rejects(new ChatOpenAI({ ...settings, model: "no-such-model" }).invoke("Hello"), error => error.status === 404);

const leaving = new AbortController();
let chunks = 0;
await assert.rejects(async () => {
  for await (const chunk of await new ChatOpenAI({ ...settings, maxTokens: 2000 }).stream("Tell a long story.", { signal: leaving.signal })) {
    if (chunk.content && ++chunks === 1)
      leaving.abort();
  }
}, error => /abort/i.test(`${error.name} ${error.message}`));
assert.ok(chunks < 100);
