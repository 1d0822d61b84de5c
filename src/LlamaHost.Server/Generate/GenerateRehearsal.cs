using LlamaHost.Server.Binding;
using LlamaHost.Server.Generate.Parameters;
using LlamaHost.Server.Generate.Prompts;
using LlamaHost.Server.Rehearsals;
using LlamaHost.Server.Streaming;

namespace LlamaHost.Server.Generate;

/// <summary>Rehearses <c>POST /generate</c>, answered at once and as a stream.</summary>
internal sealed class GenerateRehearsal(BodyReader bodies, TimeProvider time) : IRehearsal
{
    /// <inheritdoc/>
    public async Task RunAsync()
    {
        HttpContext context = MadeUp.Request(GenerateExamples.All[0].Body);
        GenerateRequest request = await bodies.ReadAsync(context.Request, GenerateParameters.Table, CancellationToken.None);
        GeneratePlan.CheckAlone(request, maxSequences: 1);
        var tokens = new TokenizedRequest { Prompts = [new TokenizedPrompt(request.Prompts[0], [0])] };
        GeneratePlan plan = GeneratePlan.Create("rehearsal", request, tokens, MadeUp.Model);
        var answer = new AnswerBuilder(plan, MadeUp.Entry.Id, time.GetUtcNow());
        using EventWriter writer = EventWriter.Create(StreamFormat.ServerSentEvents, context.Response);
        await writer.StartAsync(CancellationToken.None);
        answer.Add(MadeUp.Step(plan.Prompts[0]), writer.Write);
        await writer.FlushAsync(CancellationToken.None);
        await context.Response.WriteAsJsonAsync(answer.Complete(withSequences: true), GenerateJson.Readable.GenerateResponse);
    }
}
