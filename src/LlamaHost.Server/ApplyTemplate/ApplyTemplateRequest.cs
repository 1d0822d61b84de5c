using System.Text.Json;
using LlamaHost.Chat;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Conversations.Shapes;

namespace LlamaHost.Server.ApplyTemplate;

/// <summary>The body of <c>POST /apply-template</c> as sent.</summary>
internal sealed class ApplyTemplateRequest
{
    public string? Model { get; set; }

    public IReadOnlyList<ChatMessage> Messages { get; set; } = [];

    public IReadOnlyList<ToolDefinition> Tools { get; set; } = [];

    public bool AddGenerationPrompt { get; set; } = true;

    public bool ContinueFinalMessage { get; set; }

    public string? Template { get; set; }

    public JsonElement Variables { get; set; }

    /// <summary>Its fields: one row each.</summary>
    public static ParameterTable<ApplyTemplateRequest> Table { get; } = new(
        Parameter<ApplyTemplateRequest>.Of("messages", new MessagesShape(), (request, value) => request.Messages = value,
            "The conversation, oldest message first.") with
            { IsRequired = true, OtherNames = ["conversation"] },
        Parameter<ApplyTemplateRequest>.Of("tools", new ToolsShape(), (request, value) => request.Tools = value,
            "Functions that the model may call.") with
            { WhenLeftOut = "none" },
        Parameter<ApplyTemplateRequest>.Of("add_generation_prompt", new BooleanShape(), (request, value) => request.AddGenerationPrompt = value,
            "End with the beginning of the assistant's answer.") with
            { Default = true },
        Parameter<ApplyTemplateRequest>.Of("continue_final_message", new BooleanShape(), (request, value) => request.ContinueFinalMessage = value,
            "End within the last message, so that the model goes on with it.") with
            { Default = false },
        Parameter<ApplyTemplateRequest>.Of("chat_template_kwargs", new JsonObjectShape("an object"), (request, value) => request.Variables = value,
            "More variables for the template, such as enable_thinking.") with
            { WhenLeftOut = "none" },
        Parameter<ApplyTemplateRequest>.Of("template", new TextShape(1), (request, value) => request.Template = value,
            "A Jinja template that replaces the model's; only where the setting AllowRequestTemplates is on.") with
            { WhenLeftOut = "the model's", OtherNames = ["chat_template"] },
        Parameter<ApplyTemplateRequest>.Of("model", new TextShape(1, 256), (request, value) => request.Model = value,
            "Id of the model, as GET /v1/models lists them.") with
            { WhenLeftOut = "the default model" });
}
