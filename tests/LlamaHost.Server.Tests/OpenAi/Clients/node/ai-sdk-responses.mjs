// Vercel's AI SDK with its provider for OpenAI itself, which speaks the responses API. Arguments: the server's address, a model.
import assert from "node:assert/strict";
import { createOpenAI } from "@ai-sdk/openai";
import { generateObject, generateText, isStepCount, streamText, tool } from "ai";
import { z } from "zod";

const [address, model] = process.argv.slice(2);
const provider = createOpenAI({ baseURL: `${address}v1`, apiKey: "not-needed" });
const prompt = "What is the capital of France?";

const whole = await generateText({ model: provider.responses(model), prompt, temperature: 0, maxOutputTokens: 24 });
assert.ok(whole.text.length > 20);
assert.ok(whole.usage.outputTokens > 0);

const stream = streamText({ model: provider.responses(model), system: "Be brief.", prompt, temperature: 0, maxOutputTokens: 24 });
let text = "";
for await (const piece of stream.textStream)
  text += piece;
assert.ok(text.length > 0);
assert.equal(await stream.text, text);
assert.ok((await stream.usage).outputTokens > 0);

const { object } = await generateObject({
  model: provider.responses(model), prompt, temperature: 1, maxOutputTokens: 200,
  schema: z.object({ capital: z.string().max(20), isOld: z.boolean() }),
});
assert.equal(typeof object.isOld, "boolean");

// The second step refers to the items of the first, which are stored.
const cities = [];
const called = await generateText({
  model: provider.responses(model), prompt: "How warm is it in Oslo?", temperature: 0, maxOutputTokens: 200, stopWhen: isStepCount(2),
  prepareStep: ({ stepNumber }) => ({ toolChoice: stepNumber === 0 ? "required" : "none" }),
  providerOptions: { openai: { parallelToolCalls: false } },
  tools: {
    warmth: tool({
      description: "How warm it is in a city", inputSchema: z.object({ city: z.string().max(20) }),
      execute: ({ city }) => { cities.push(city); return "12 degrees"; },
    }),
  },
});
assert.ok(cities.length > 0);
assert.equal(called.steps.length, 2);
assert.equal(called.steps[0].toolCalls[0].toolName, "warmth");
assert.ok(called.text.length > 0);

await assert.rejects(
  generateText({ model: provider.responses("no-such-model"), prompt, maxRetries: 0 }), error => error.statusCode === 404);
