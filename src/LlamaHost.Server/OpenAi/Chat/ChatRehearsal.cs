using LlamaHost.Chat;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Generations;
using LlamaHost.Server.Rehearsals;

namespace LlamaHost.Server.OpenAi.Chat;

/// <summary>Rehearses <c>POST /v1/chat/completions</c>, with a template of those that come with the program.</summary>
internal sealed class ChatRehearsal(BodyReader bodies, TimeProvider time) : IRehearsal
{
    /// <inheritdoc/>
    public async Task RunAsync()
    {
        HttpContext context = MadeUp.Request(ChatExamples.All[0].Body);
        ChatRequest request = await bodies.ReadAsync(context.Request, ChatParameters.Table, CancellationToken.None);
        ChatPlan.CheckAlone(request, maxSequences: 1);
        var style = new ModelTemplate(NamedTemplate.Find("chatml")!);
        RenderedPrompt rendered = ConversationPrompter.Render(style, MadeUp.Model, request.ToConversation(), time, CancellationToken.None);
        var prompt = new ConversationPrompt(rendered.Text, [0], style, EndsWithinReasoning: false);
        ChatPlan plan = ChatPlan.Create("rehearsal", request, grammar: null, prompt, MadeUp.Entry, MadeUp.Model);
        var answer = new ChatAnswer(plan, time.GetUtcNow());
        PromptEvent step = MadeUp.Step(plan.Generation);
        foreach (ChatChunk _ in answer.Add(step))
        {
        }
        ChatCompletion completion = answer.Complete(GenerationUsage.Of(1, 1, [[step.Event.Finish!.Usage]]));
        await context.Response.WriteAsJsonAsync(completion, ChatJson.Readable.ChatCompletion);
    }
}
