using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using LlamaHost.Server.OpenAi.Embeddings;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.OpenAi;

public sealed class EmbeddingTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const string Path = "/v1/embeddings";
    private const int Length = 64;

    // Of numbers of a vector of length 1, computed with 32-bit weights and cache.
    private const double Tolerance = 1e-5;

    [Fact]
    public async Task The_answer_has_OpenAI_s_shape()
    {
        JsonNode answer = await server.Client.AskAsync(Path, new { input = "Once upon a time" });

        Assert.Equal(["object", "data", "model", "usage"], answer.AsObject().Select(one => one.Key));
        Assert.Equal(("list", "tiny-llama"), ((string?)answer["object"], (string?)answer["model"]));
        JsonObject item = Assert.Single(answer["data"]!.AsArray())!.AsObject();
        Assert.Equal(["object", "index", "embedding"], item.Select(one => one.Key));
        Assert.Equal(("embedding", 0), ((string?)item["object"], (int)item["index"]!));
        double[] vector = Vector(item);
        Assert.Equal(Length, vector.Length);
        Assert.Equal(1, vector.Sum(value => value * value), Tolerance);
        Assert.True((int)answer["usage"]!["prompt_tokens"]! > 3);
        Assert.Equal((int)answer["usage"]!["prompt_tokens"]!, (int)answer["usage"]!["total_tokens"]!);
    }

    [Fact]
    public async Task Base64_holds_the_same_numbers_as_32_bit_floats()
    {
        double[] numbers = Vector((await server.Client.AskAsync(Path, new { input = "Once" }))["data"]![0]!);

        JsonNode answer = await server.Client.AskAsync(Path, new { input = "Once", encoding_format = "base64" });

        byte[] bytes = Convert.FromBase64String((string)answer["data"]![0]!["embedding"]!);
        Assert.Equal(Length * 4, bytes.Length);
        for (int i = 0; i < Length; i++)
            Assert.Equal(numbers[i], BitConverter.ToSingle(bytes, i * 4), Tolerance);
    }

    [Fact]
    public async Task Texts_of_unequal_length_in_one_request_have_the_vectors_that_each_has_alone_in_any_order() =>
        await Gen.Select(Gen.Int[3, 900].Array[1, 90].Array[2, 6], Gen.Shuffle(new[] { 0, 1, 2, 3, 4, 5 })).SampleAsync(async (texts, order) =>
        {
            int[] shuffled = [.. order.Where(index => index < texts.Length)];

            double[][] together = await EmbedAsync(texts);
            double[][] otherwise = await EmbedAsync([.. shuffled.Select(index => texts[index])]);

            for (int i = 0; i < texts.Length; i++)
            {
                double[] alone = (await EmbedAsync([texts[i]]))[0];
                AssertEqual(alone, together[i]);
                AssertEqual(alone, otherwise[Array.IndexOf(shuffled, i)]);
            }
        }, iter: 12, threads: 1);

    [Fact]
    public async Task Vectors_are_those_that_llama_server_gives()
    {
        using var recorded = JsonDocument.Parse(
            File.ReadAllBytes(System.IO.Path.Combine(RepositoryFiles.Root, "tests", "llama-server", "embeddings.json")));
        JsonElement[] cases =
        [
            .. recorded.RootElement.GetProperty("cases").EnumerateArray()
                .Where(one => one.GetProperty("model").GetString() == "tiny-llama" && one.GetProperty("pooling").GetString() == "mean"),
        ];

        double[][] vectors = await EmbedAsync(
            [.. cases.Select(one => one.GetProperty("input").EnumerateArray().Select(id => id.GetInt32()).ToArray())]);

        Assert.Equal(3, cases.Length);
        for (int i = 0; i < cases.Length; i++)
            AssertEqual([.. cases[i].GetProperty("embedding").EnumerateArray().Select(value => value.GetDouble())], vectors[i]);
    }

    [Fact]
    public async Task A_text_is_embedded_as_its_tokens_and_a_lone_array_of_ids_is_one_text()
    {
        JsonNode tokens = await server.Client.AskAsync("/tokenize", new { text = "Once upon a time" });
        int[] ids = [.. tokens["token_ids"]!.AsArray().Select(id => (int)id!)];

        double[] text = Vector((await server.Client.AskAsync(Path, new { input = "Once upon a time" }))["data"]![0]!);
        JsonNode answer = await server.Client.AskAsync(Path, new { input = ids });

        AssertEqual(text, Vector(Assert.Single(answer["data"]!.AsArray())!));
        Assert.Equal(ids.Length, (int)answer["usage"]!["prompt_tokens"]!);
    }

    [Fact]
    public async Task Control_tokens_that_a_client_writes_are_plain_text()
    {
        JsonNode answer = await server.Client.AskAsync(Path, new { input = "<|im_start|>" });

        Assert.True((int)answer["usage"]!["prompt_tokens"]! > 1);
    }

    [Fact]
    public async Task Dimensions_keep_the_first_numbers_at_length_1()
    {
        double[] whole = (await EmbedAsync([[5, 6, 7]]))[0];

        JsonNode answer = await server.Client.AskAsync(Path, new { input = new[] { 5, 6, 7 }, dimensions = 10 });

        double[] first = Vector(answer["data"]![0]!);
        double norm = Math.Sqrt(whole[..10].Sum(value => value * value));
        AssertEqual([.. whole[..10].Select(value => value / norm)], first);
        Assert.Equal(Length, Vector((await server.Client.AskAsync(Path, new { input = "a", dimensions = Length }))["data"]![0]!).Length);
    }

    [Fact]
    public async Task Many_texts_come_in_their_order()
    {
        int[][] texts = [.. Enumerable.Range(0, 200).Select(i => new[] { 3 + i, 4 + i, 900 - i })];

        double[][] vectors = await EmbedAsync(texts);

        Assert.Equal(200, vectors.Length);
        foreach (int i in new[] { 0, 77, 199 })
            AssertEqual((await EmbedAsync([texts[i]]))[0], vectors[i]);
    }

    [Fact]
    public async Task Nulls_and_unknown_fields_are_as_if_left_out()
    {
        JsonNode answer = await server.Client.AskAsync(
            Path, """{"input": "a", "model": "gpt-3.5-turbo", "dimensions": null, "encoding_format": null, "user": null, "x_of_tomorrow": {}}""");

        Assert.Equal(Length, Vector(answer["data"]![0]!).Length);
        Assert.Equal("tiny-llama", (string?)answer["model"]);
    }

    [Fact]
    public async Task An_encoder_decoder_model_embeds_with_its_encoder()
    {
        JsonNode answer = await server.Client.AskAsync(Path, new { model = "tiny-t5", input = new[] { "Once upon", "a" } });

        Assert.Equal(2, answer["data"]!.AsArray().Count);
    }

    [Fact]
    public async Task Every_documented_request_is_answered_and_every_field_described()
    {
        JsonNode document = await server.Client.GetJsonAsync("/openapi/v1.json");
        JsonNode content = document["paths"]![Path]!["post"]!["requestBody"]!["content"]!["application/json"]!;
        JsonNode schema = document["components"]!["schemas"]!["EmbeddingRequest"]!;

        Assert.Equal(EmbeddingParameters.Table.Parameters.Select(one => one.Name), schema["properties"]!.AsObject().Select(one => one.Key));
        Assert.NotEmpty(content["examples"]!.AsObject());
        foreach ((_, JsonNode? example) in content["examples"]!.AsObject())
            Assert.NotEmpty((await server.Client.AskAsync(Path, example!["value"]!.ToJsonString()))["data"]!.AsArray());
    }

    [Fact]
    public void Documented_answers_are_what_the_code_would_send()
    {
        foreach (string answer in EmbeddingOperation.Instance.Examples.Select(example => example.Answer))
        {
            EmbeddingResponse read = JsonSerializer.Deserialize(answer, EmbeddingJson.Readable.EmbeddingResponse)!;

            Assert.True(JsonNode.DeepEquals(
                JsonNode.Parse(answer), JsonSerializer.SerializeToNode(read, EmbeddingJson.Readable.EmbeddingResponse)), answer);
        }
    }

    private async Task<double[][]> EmbedAsync(int[][] texts)
    {
        JsonNode answer = await server.Client.AskAsync(Path, new { input = texts });
        Assert.Equal(Enumerable.Range(0, texts.Length), answer["data"]!.AsArray().Select(item => (int)item!["index"]!));
        return [.. answer["data"]!.AsArray().Select(item => Vector(item!))];
    }

    private static double[] Vector(JsonNode item) => [.. item["embedding"]!.AsArray().Select(value => (double)value!)];

    private static void AssertEqual(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], Tolerance);
    }
}
