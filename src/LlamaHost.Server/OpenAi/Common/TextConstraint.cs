using LlamaHost.Grammars;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generations;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>Something that the text must match.</summary>
/// <param name="Field">The field that asks for it.</param>
/// <param name="Parse">Makes its grammar; throws <see cref="GrammarException"/> if it can't be enforced.</param>
internal sealed record TextConstraint(string Field, Func<Grammar> Parse)
{
    /// <summary>The grammar in GBNF that the constraints come to, or <see langword="null"/>: any text.</summary>
    /// <exception cref="ApiException">There are several, or one can't be enforced.</exception>
    public static string? ToGbnf(IReadOnlyList<TextConstraint> constraints) => constraints switch
    {
        [] => null,
        [var one] => EnforceableGrammar.Create(one.Field, one.Parse).ToGbnf(),
        [var one, var other, ..] => throw ApiException.BadRequest(
            ErrorCodes.ConflictingFields, other.Field,
            $"{other.Field} can't be used with {one.Field}: the text can be held to one of them."),
    };
}
