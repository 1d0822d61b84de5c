using System.Runtime.CompilerServices;

namespace LlamaHost.Chat.Jinja;

/// <summary>What one rendering may use. Templates come from strangers: each of their steps and each character they make is counted.</summary>
internal sealed class Budget(TemplateLimits limits, TimeProvider clock, CancellationToken cancellation)
{
    // Looking at the clock costs more than most steps.
    private const int StepsBetweenLooks = 1024;

    // What a search compares in about the time in which one character is made.
    private const int ComparedAtOnce = 64;

    private readonly long _start = clock.GetTimestamp();
    private long _steps;
    private long _characters;
    private int _depth;

    /// <summary>Counts one step of the interpreter.</summary>
    public void Step()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (++_steps > limits.MaxSteps)
            throw new ChatTemplateException($"The template takes more than {limits.MaxSteps} steps.");
        if (_steps % StepsBetweenLooks == 0)
            Look();
    }

    /// <summary>Counts work that grows with the size of values, such as characters made and items copied.</summary>
    public void Charge(long size)
    {
        _characters += size;
        if (size < 0 || _characters > limits.MaxCharacters)
            throw new ChatTemplateException($"The template makes more than {limits.MaxCharacters} characters of text.");
        if (size > StepsBetweenLooks)
            Look();
    }

    /// <summary>Counts a search for a text in a text, which in the worst case compares all of one with each place in the other.</summary>
    public void ChargeSearch(int textLength, int wantedLength) => Charge((long)textLength * wantedLength / ComparedAtOnce);

    /// <summary>Counts a macro's call.</summary>
    public void Enter()
    {
        if (++_depth > limits.MaxDepth)
            throw new ChatTemplateException($"The template's macros call each other more than {limits.MaxDepth} deep.");
    }

    /// <summary>A macro's call is over.</summary>
    public void Leave() => _depth--;

    private void Look()
    {
        cancellation.ThrowIfCancellationRequested();
        if (clock.GetElapsedTime(_start) > limits.MaxDuration)
            throw new ChatTemplateException($"The template takes longer than {limits.MaxDuration.TotalSeconds:0.###} seconds.");
    }
}
