using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Grammars;
using LlamaHost.Grammars.Matching;

namespace LlamaHost.Engine.Constraints;

/// <summary>Matchers of the grammars used last: requests with the same grammar share what is worked out for it. Thread-safe.</summary>
internal sealed class GrammarCache(ITokenizer tokenizer)
{
    private const int MostKept = 8;

    private readonly Lock _lock = new();
    // The last used one first.
    private readonly LinkedList<(string Text, GrammarMatcher Matcher)> _kept = new();
    // Of no use without a grammar, and a fraction of a second's work.
    private readonly Lazy<TokenTrie> _vocabulary =
        new(() => new TokenTrie(tokenizer.VocabularySize, token => tokenizer.IsSpecial(token) ? [] : tokenizer.Piece(token)));

    /// <summary>A grammar's matcher for the model's vocabulary.</summary>
    /// <param name="grammar">GBNF.</param>
    /// <exception cref="InvalidRequestException">It is no grammar that can be enforced.</exception>
    public GrammarMatcher Find(string grammar)
    {
        lock (_lock)
        {
            for (LinkedListNode<(string Text, GrammarMatcher Matcher)>? node = _kept.First; node is not null; node = node.Next)
            {
                if (node.Value.Text != grammar)
                    continue;
                _kept.Remove(node);
                _kept.AddFirst(node);
                return node.Value.Matcher;
            }
        }
        GrammarMatcher matcher = Make(grammar);
        lock (_lock)
        {
            _kept.AddFirst((grammar, matcher));
            if (_kept.Count > MostKept)
                _kept.RemoveLast();
        }
        return matcher;
    }

    private GrammarMatcher Make(string grammar)
    {
        try
        {
            return new GrammarMatcher(Grammar.FromGbnf(grammar), _vocabulary.Value);
        }
        catch (GrammarException exception)
        {
            string place = exception.Place.Length == 0 ? "" : $" ({exception.Place})";
            throw new InvalidRequestException("invalid_grammar", "grammar", $"The grammar can't be enforced{place}: {exception.Message}");
        }
    }
}
