using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Runtime.Scoring;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Hosting;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.Score;

/// <summary><c>POST /score</c>: how likely the model takes texts, or continuations of a prompt, for.</summary>
internal sealed class ScoreEndpoint(InferenceRuntime runtime, IOptions<ServerOptions> options, BodyReader bodies, ShutdownDrain shutdown)
{
    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context) => shutdown.RunAsync(context, async cancellationToken =>
    {
        ScoreRequest request = await bodies.ReadAsync(context.Request, ScoreParameters.Table, cancellationToken);
        ScoreParameters.CheckAlone(request);
        ModelEntry model = runtime.Resolve(request.Model);
        ModelDescription description = await runtime.EnsureReadyAsync(model, cancellationToken);
        ScoreResponse answer = request.Texts is { } texts
            ? await ScoreTextsAsync(request, texts, model, description, cancellationToken)
            : await ScoreContinuationsAsync(request, model, description, cancellationToken);
        await context.Response.WriteAsJsonAsync(answer, ScoreJson.Readable.ScoreResponse, cancellationToken: cancellationToken);
    });

    private async Task<ScoreResponse> ScoreTextsAsync(
        ScoreRequest request, IReadOnlyList<string> texts, ModelEntry model, ModelDescription description, CancellationToken cancellationToken)
    {
        if (description.EncoderLength > 0)
        {
            throw ApiException.BadRequest(
                ErrorCodes.UnsupportedByModel, "text", "An encoder-decoder model scores no text on its own: give prompt and continuations.");
        }
        IReadOnlyList<int>[] tokens = await Task.WhenAll(texts.Select(text => TokenizeAsync(model, text, cancellationToken)));
        TextPlan[] plans =
            [.. tokens.Select((own, index) => TextPlan.Create(request, texts.Count == 1 ? "text" : $"text[{index}]", own, description))];
        CheckCount(plans.Sum(plan => plan.WindowCount), "text", "windows to score; use a larger stride or fewer texts");
        (_, IReadOnlyList<string> firsts) = await runtime.DetokenizeAsync(
            model, [.. plans.Select(plan => plan.FirstToken)], skipSpecialTokens: false, cancellationToken);
        ScoredContinuation[] scored = await ScoreAsync(model, [.. plans.SelectMany(plan => plan.Requests)], cancellationToken);
        List<TextScore> answers = new(plans.Length);
        int done = 0;
        foreach (TextPlan plan in plans)
        {
            int windows = (int)plan.WindowCount;
            answers.Add(plan.Score(firsts[answers.Count], scored[done..(done + windows)]));
            done += windows;
        }
        return Answer(model, scored, plans.Sum(plan => plan.TokenCount)) with { Texts = answers };
    }

    private async Task<ScoreResponse> ScoreContinuationsAsync(
        ScoreRequest request, ModelEntry model, ModelDescription description, CancellationToken cancellationToken)
    {
        CheckCount(request.Continuations!.Count, "continuations", "continuations");
        bool hasEncoder = description.EncoderLength > 0;
        IReadOnlyList<int> prompt = await TokenizeAsync(model, request.Prompt!, cancellationToken);
        IReadOnlyList<int>[] tokens = await Task.WhenAll(
            request.Continuations.Select(one => TokenizeAsync(model, hasEncoder ? one : request.Prompt + one, cancellationToken)));
        ContinuationPlan plan = hasEncoder
            ? ContinuationPlan.CreateForDecoder(prompt, tokens, request.TopLogprobs, description)
            : ContinuationPlan.Create(prompt, tokens, request.TopLogprobs, description);
        ScoredContinuation[] scored = await ScoreAsync(model, [plan.Request], cancellationToken);
        IReadOnlyList<int> read = hasEncoder ? prompt : plan.Request.PromptTokens;
        return Answer(model, scored, read.Count + scored.Sum(one => one.Tokens.Count)) with
            { PromptTokenIds = read, Continuations = plan.Score(scored) };
    }

    private Task<IReadOnlyList<int>> TokenizeAsync(ModelEntry model, string text, CancellationToken cancellationToken) =>
        runtime.TokenizeAsync(model, text, addSpecial: true, parseSpecial: true, cancellationToken);

    private async Task<ScoredContinuation[]> ScoreAsync(ModelEntry model, ScoringRequest[] requests, CancellationToken cancellationToken) =>
        requests.Length == 0 ? [] : [.. (await runtime.ScoreAsync(model, requests, cancellationToken)).SelectMany(one => one)];

    private void CheckCount(long count, string field, string what)
    {
        if (count > options.Value.MaxSequencesPerRequest)
        {
            throw ApiException.BadRequest(
                ErrorCodes.TooManySequences, field, $"There are {count} {what}; one request may have {options.Value.MaxSequencesPerRequest}.");
        }
    }

    private static ScoreResponse Answer(ModelEntry model, ScoredContinuation[] scored, int tokens)
    {
        SequenceUsage[] usages = [.. scored.Select(one => one.Usage)];
        return new ScoreResponse
        {
            Model = model.Id,
            Usage = new ScoreUsage
            {
                Tokens = tokens,
                ScoredTokens = scored.Sum(one => one.Tokens.Count),
                CachedTokens = usages.Sum(usage => usage.CachedTokens),
                QueueMs = Milliseconds(usages.Select(usage => usage.Queue)),
                ComputeMs = Milliseconds(usages.Select(usage => usage.Prefill + usage.Decode)),
            },
        };
    }

    private static double Milliseconds(IEnumerable<TimeSpan> times) => Math.Round(times.DefaultIfEmpty().Max().TotalMilliseconds, 1);
}
