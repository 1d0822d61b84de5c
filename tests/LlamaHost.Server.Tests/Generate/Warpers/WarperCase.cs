using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Generate.Warpers;

/// <summary>A case of the golden warpers as a request for the token that it is about.</summary>
internal sealed class WarperCase
{
    private readonly JsonElement _params;
    private readonly int[] _tokens;
    private readonly float[] _logits;
    private readonly int _vector;

    private WarperCase(JsonElement test, IReadOnlyList<float[]> vectors)
    {
        Id = test.GetProperty("id").GetString()!;
        _vector = test.GetProperty("vector").GetInt32();
        _logits = vectors[_vector];
        _params = test.GetProperty("params").Clone();
        _tokens = [.. test.GetProperty("input_ids").EnumerateArray().Select(token => token.GetInt32())];
        int prompt = test.TryGetProperty("prompt_len", out JsonElement length) ? length.GetInt32() : _tokens.Length;
        Position = _tokens.Length - prompt;
        // How many tokens were generated can be had again, but not which.
        Assert.False(Position > 0 && _params.TryGetProperty("repetition_penalty", out _), Id);
        IsError = test.TryGetProperty("error", out _);
        IsBeam = _params.TryGetProperty("num_beams", out JsonElement beams) && beams.GetInt32() > 1;
        HasTies = test.TryGetProperty("ties", out JsonElement ties) && ties.GetBoolean();
        if (IsError)
            return;
        Kept = [.. test.GetProperty("kept").EnumerateArray().Select(token => token.GetInt32())];
        Probabilities = [.. test.GetProperty("probs").EnumerateArray().Select(probability => probability.GetDouble())];
    }

    public string Id { get; }

    /// <summary>Transformers refuses it.</summary>
    public bool IsError { get; }

    public bool IsBeam { get; }

    /// <summary>Which of equally likely tokens are kept is arbitrary.</summary>
    public bool HasTies { get; }

    /// <summary>Which of the new tokens the case is about, from 0.</summary>
    public int Position { get; }

    public int[] Kept { get; } = [];

    public double[] Probabilities { get; } = [];

    /// <summary>All cases of the file.</summary>
    public static WarperCase[] All(IReadOnlyList<float[]> vectors)
    {
        using JsonDocument golden = RepositoryFiles.Golden("warpers");
        return [.. golden.RootElement.GetProperty("cases").EnumerateArray().Select(test => new WarperCase(test, vectors))];
    }

    /// <summary>The body of a request for that token.</summary>
    public string Body(int sequences)
    {
        JsonObject body = JsonObject.Create(_params)!;
        body["model"] = ConstantServer.Model(_vector);
        // Any token will do for a case without, as the logits are the same after all of them.
        int[] prompt = _tokens.Length == 0 ? [0] : _tokens[..^Position];
        body["prompt_token_ids"] = new JsonArray([.. prompt.Select(token => JsonValue.Create(token))]);
        body["do_sample"] = true;
        body["max_new_tokens"] = Position + 1;
        body["num_return_sequences"] = sequences;
        body["seed"] = 11;
        body["details"] = true;
        return body.ToJsonString();
    }

    /// <summary>
    /// What stands for a token where the draws are counted: itself, or in a case with ties, the score that it shares with others after the
    /// repetition penalty, the one processor in these cases that tells equal logits apart.
    /// </summary>
    public double Class(int token)
    {
        if (!HasTies || Kept.Length == _logits.Length)
            return token;
        double logit = _logits[token];
        double penalty = _tokens.Contains(token) && _params.TryGetProperty("repetition_penalty", out JsonElement value) ? value.GetDouble() : 1;
        return Math.Round(logit < 0 ? logit * penalty : logit / penalty, 4);
    }
}
