namespace LlamaHost.Chat;

/// <summary>What a model's file tells about how to talk to it.</summary>
public sealed record ModelTraits
{
    /// <summary>The template in its metadata (<c>tokenizer.chat_template</c>), if there is one.</summary>
    public string? Template { get; init; }

    /// <summary>The model's name (<c>general.name</c>).</summary>
    public string? Name { get; init; }

    /// <summary>Its architecture (<c>general.architecture</c>), such as <c>llama</c>.</summary>
    public string? Architecture { get; init; }

    /// <summary>Texts of its control tokens.</summary>
    public IReadOnlySet<string> ControlTokens { get; init; } = new HashSet<string>();
}

/// <summary>Which chat template a model gets, and why.</summary>
/// <param name="Source">Jinja text.</param>
/// <param name="Name">Name of one of the program's own templates; null if it is the model's or the configuration's.</param>
/// <param name="Reason">Why this one, for the log: a clause without a full stop.</param>
public sealed record TemplateChoice(string Source, string? Name, string Reason)
{
    // The first that fits counts. A control token says more than a name, and a name more than an architecture.
    private static readonly (string Token, string Template)[] ByToken =
    [
        ("<|im_start|>", "chatml"),
        ("<|start_header_id|>", "llama3"),
        ("<start_of_turn>", "gemma"),
        ("<|end|>", "phi3"),
        ("[INST]", "mistral"),
    ];

    private static readonly (string Word, string Template)[] ByName =
    [
        ("zephyr", "zephyr"),
        ("vicuna", "vicuna"),
        ("alpaca", "alpaca"),
        ("mistral", "mistral"),
        ("mixtral", "mistral"),
        ("llama-3", "llama3"),
        ("llama 3", "llama3"),
        ("llama3", "llama3"),
        ("llama-2", "llama2"),
        ("llama 2", "llama2"),
        ("llama2", "llama2"),
        ("gemma", "gemma"),
        ("phi-3", "phi3"),
        ("hermes", "chatml"),
        ("qwen", "chatml"),
        ("smollm", "chatml"),
        ("tinyllama", "zephyr"),
    ];

    private static readonly (string Architecture, string Template)[] ByArchitecture =
    [
        ("gemma", "gemma"),
        ("gemma2", "gemma"),
        ("gemma3", "gemma"),
        ("phi3", "phi3"),
        ("qwen2", "chatml"),
        ("qwen3", "chatml"),
        ("stablelm", "zephyr"),
    ];

    /// <summary>Chooses a model's template.</summary>
    /// <param name="configured">What the configuration says: Jinja text, or a name of <see cref="NamedTemplate.All"/>; null for nothing.</param>
    /// <param name="model">What the model's file says.</param>
    /// <exception cref="ArgumentException"><paramref name="configured"/> is neither a known name nor Jinja text.</exception>
    public static TemplateChoice For(string? configured, ModelTraits model)
    {
        if (!string.IsNullOrWhiteSpace(configured))
            return Configured(configured);
        if (!string.IsNullOrWhiteSpace(model.Template))
        {
            // Older conversions write a name of llama.cpp's built-in templates instead of a template.
            return NamedTemplate.Find(model.Template.Trim()) is { } known
                ? new TemplateChoice(known, model.Template.Trim().ToLowerInvariant(), "the model's metadata names it")
                : new TemplateChoice(model.Template, null, "it is in the model's metadata");
        }
        foreach ((string token, string template) in ByToken)
        {
            if (model.ControlTokens.Contains(token))
                return Named(template, $"the model has no template but the control token {token}");
        }
        foreach ((string word, string template) in ByName)
        {
            if (model.Name?.Contains(word, StringComparison.OrdinalIgnoreCase) == true)
                return Named(template, $"the model has no template and is called \"{model.Name}\"");
        }
        foreach ((string architecture, string template) in ByArchitecture)
        {
            if (architecture.Equals(model.Architecture, StringComparison.OrdinalIgnoreCase))
                return Named(template, $"the model has no template and is of the architecture {architecture}");
        }
        return Named("chatml", "the model has no template and nothing tells which one it was trained with");
    }

    private static TemplateChoice Configured(string configured)
    {
        if (NamedTemplate.Find(configured.Trim()) is { } source)
            return new TemplateChoice(source, configured.Trim().ToLowerInvariant(), "the configuration names it");
        return configured.Contains('{')
            ? new TemplateChoice(configured, null, "it is in the configuration")
            : throw new ArgumentException(
                $"There is no chat template called \"{configured}\". There are {string.Join(", ", NamedTemplate.All)}.", nameof(configured));
    }

    private static TemplateChoice Named(string name, string reason) => new(NamedTemplate.Find(name)!, name, reason);
}
