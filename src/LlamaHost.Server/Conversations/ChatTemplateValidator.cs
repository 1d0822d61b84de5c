using LlamaHost.Chat;
using LlamaHost.Runtime.Configuration;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.Conversations;

/// <summary>Finds configured chat templates that can't be used at start, rather than at the first conversation.</summary>
internal sealed class ChatTemplateValidator : IValidateOptions<RuntimeOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, RuntimeOptions options)
    {
        string[] mistakes =
        [
            .. Mistakes(options, ""),
            .. options.Models.SelectMany((model, index) => Mistakes(model, $"Models:{index}:")),
        ];
        return mistakes.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(mistakes.Select(mistake => $"{RuntimeOptions.SectionName}: {mistake}"));
    }

    private static IEnumerable<string> Mistakes(EngineOptions options, string prefix)
    {
        if (options.ChatTemplate is { } template && Reason(template) is { } reason)
            yield return $"{prefix}{nameof(options.ChatTemplate)} can't be used: {reason}";
        if (options.ChatTemplateFile is { } file && File.Exists(file) && Reason(File.ReadAllText(file)) is { } inFile)
            yield return $"{prefix}{nameof(options.ChatTemplateFile)} '{file}' can't be used: {inFile}";
    }

    private static string? Reason(string template)
    {
        try
        {
            ChatTemplate.Parse(TemplateChoice.For(template, new ModelTraits()).Source);
            return null;
        }
        catch (ArgumentException unknown)
        {
            return unknown.Message;
        }
        catch (ChatTemplateException invalid)
        {
            return invalid.Message;
        }
    }
}
