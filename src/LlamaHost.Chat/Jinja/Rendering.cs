using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja;

/// <summary>What all parts of one rendering share.</summary>
internal sealed class Rendering(Budget budget, TimeProvider clock)
{
    public Budget Budget => budget;

    public TimeProvider Clock => clock;

    public TextBuilder NewText() => new(budget);
}
