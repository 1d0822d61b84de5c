// Vercel's AI SDK with its provider for OpenAI-compatible servers. Arguments: the server's address, a model.
import assert from "node:assert/strict";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateObject, generateText, streamText, tool } from "ai";
import { z } from "zod";

const [address, model] = process.argv.slice(2);
const provider = createOpenAICompatible({ name: "llamahost", baseURL: `${address}v1`, supportsStructuredOutputs: true, includeUsage: true });
const prompt = "What is the capital of France?";

const whole = await generateText({ model: provider(model), prompt, temperature: 0, maxOutputTokens: 24 });
assert.ok(whole.text.length > 20);
assert.ok(whole.usage.outputTokens > 0);

const stream = streamText({ model: provider(model), prompt, temperature: 0, maxOutputTokens: 24 });
let text = "";
for await (const piece of stream.textStream)
  text += piece;
assert.ok(text.length > 20);
assert.equal(await stream.text, text);
assert.ok((await stream.usage).outputTokens > 0);

const { object } = await generateObject({
  model: provider(model), prompt, temperature: 1, maxOutputTokens: 200, schema: z.object({ capital: z.string().max(20), isOld: z.boolean() }),
});
assert.equal(typeof object.isOld, "boolean");

const cities = [];
const called = await generateText({
  model: provider(model), prompt: "How warm is it in Oslo?", temperature: 0, maxOutputTokens: 200, toolChoice: "required",
  providerOptions: { llamahost: { parallel_tool_calls: false } },
  tools: {
    warmth: tool({
      description: "How warm it is in a city", inputSchema: z.object({ city: z.string().max(20) }),
      execute: ({ city }) => { cities.push(city); return "12 degrees"; },
    }),
  },
});
assert.ok(cities.length > 0);
assert.equal(called.toolCalls[0].toolName, "warmth");

const embedder = provider.embeddingModel?.(model) ?? provider.textEmbeddingModel(model);
const { embeddings } = await embedder.doEmbed({ values: ["one text", "another, longer text"] });
assert.equal(embeddings.length, 2);
assert.ok(Math.abs(embeddings[0].reduce((sum, x) => sum + x * x, 0) - 1) < 1e-3);

await assert.rejects(generateText({ model: provider("no-such-model"), prompt, maxRetries: 0 }), error => error.statusCode === 404);

const leaving = new AbortController();
const parts = [];
const story = streamText({ model: provider(model), prompt: "Tell a long story.", maxOutputTokens: 2000, abortSignal: leaving.signal });
for await (const part of story.fullStream) {
  parts.push(part.type);
  if (part.type === "text-delta")
    leaving.abort();
}
assert.equal(parts.at(-1), "abort");
assert.ok(parts.filter(type => type === "text-delta").length < 100);
