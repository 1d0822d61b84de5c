using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;

namespace LlamaHost.Engine.Generation.Beams;

/// <summary>
/// The search of one request: its running beams and the pool of finished sequences. Source: Hugging Face's <c>GenerationMixin._beam_search</c>. Beams
/// of one step may be computed in different batches; the step is decided when the last of them has offered its candidates.
/// </summary>
internal sealed class BeamSearch
{
    private readonly BeamSettings _settings;
    private readonly int _kept;
    private readonly List<BeamCandidate> _candidates = [];
    private readonly List<BeamHypothesis> _pool = [];
    private List<BeamSequence> _running = [];
    private int _offers;

    /// <param name="request">A request with beam settings.</param>
    public BeamSearch(EngineRequest request)
    {
        Request = request;
        _settings = request.Request.Beams!;
        // So many that enough beams go on when the best ones all end.
        _kept = Math.Max(2, 1 + request.EosTokens.Length) * _settings.Count;
    }

    public EngineRequest Request { get; }

    /// <summary>Most tokens of a beam, prompt included.</summary>
    public int Capacity => Request.Prompt.Length + Request.Request.Stop.MaxNewTokens;

    /// <summary>Beams that can go on; empty when the search has ended.</summary>
    public IReadOnlyList<BeamSequence> Running => _running;

    /// <summary>Finished sequences, best first.</summary>
    public IReadOnlyList<BeamHypothesis> Pool => _pool;

    /// <summary>New tokens of each running beam.</summary>
    public int NewTokens { get; private set; }

    /// <summary>Starts from the prompt.</summary>
    public void Start(BeamSequence first) => _running = [first];

    /// <summary>Takes note of the ways in which a beam can go on.</summary>
    /// <param name="beam">A running beam.</param>
    /// <param name="candidates">Its processed log-probabilities.</param>
    /// <param name="logits">Raw logits.</param>
    /// <param name="normalizer">What makes them log-probabilities.</param>
    /// <param name="alternatives">The most likely tokens of the raw distribution, if asked for.</param>
    /// <returns>Whether all beams have offered theirs.</returns>
    public bool Offer(
        BeamSequence beam, CandidateSet candidates, ReadOnlySpan<float> logits, float normalizer, IReadOnlyList<TokenLogProb>? alternatives)
    {
        beam.AwaitsOthers = true;
        Span<float> ranks = candidates.SecondScratch;
        candidates.Scores.CopyTo(ranks);
        if (Request.Pipeline.DoSample)
            AddNoise(beam, candidates, ranks);
        // Nothing is left where the settings forbid all that a grammar allows.
        int[] best = new int[Math.Min(_kept, ranks.Length)];
        TopSelection.Largest(ranks, best, candidates.Scratch);
        foreach (int index in best)
        {
            // What the processors forbid.
            if (float.IsNegativeInfinity(ranks[index]))
                continue;
            int token = candidates.Id(index);
            var chosen = new BeamToken(token, logits[token] - normalizer, alternatives, beam.Last);
            _candidates.Add(new BeamCandidate(beam, chosen, beam.Score + candidates.Scores[index], (double)beam.Score + ranks[index]));
        }
        return ++_offers == _running.Count;
    }

    /// <summary>
    /// Decides the step: which candidates end, which go on. Afterwards <see cref="Running"/> holds the new beams; those that are not in the list any
    /// more are to be removed, those that were not in it before to be added, but first.
    /// </summary>
    /// <param name="timeIsUp">Every candidate ends, as at the length limit.</param>
    public void Advance(bool timeIsUp)
    {
        List<BeamCandidate> best = [.. _candidates.OrderByDescending(one => one.Rank).Take(_kept)];
        _candidates.Clear();
        _offers = 0;
        NewTokens++;
        List<BeamCandidate> open =
            [.. best.Where(one => !timeIsUp && one.Text.Finished is null).OrderByDescending(one => one.Score).Take(_settings.Count)];
        // Only the best may enter the pool: a sequence that ends further down is lost.
        AddToPool(best.Take(_settings.Count).Where(one => timeIsUp || one.Text.Finished is not null));
        _running = GoesOn(open) ? Extend(open) : [];
    }

    // Drawing without replacement is taking the best after adding Gumbel noise to each. Source: Vieira, "Gumbel-max trick and weighted reservoir
    // sampling" (2014).
    private void AddNoise(BeamSequence beam, CandidateSet candidates, Span<float> ranks)
    {
        var random = new RandomStream(Request.Request.Seed, _running.IndexOf(beam));
        for (int i = 0; i < ranks.Length; i++)
        {
            double uniform = random.Uniform(NewTokens, RandomPurpose.Beam, candidates.Id(i));
            ranks[i] -= (float)Math.Log(-Math.Log(Math.Max(uniform, double.Epsilon)));
        }
    }

    private void AddToPool(IEnumerable<BeamCandidate> finished)
    {
        foreach (BeamCandidate one in finished)
            _pool.Add(new BeamHypothesis(one.Token, Normalize(one.Score, NewTokens), one.Text));
        // A stable order: of equal scores the earlier stays.
        BeamHypothesis[] best = [.. _pool.OrderByDescending(one => one.Score).Take(_settings.Count)];
        _pool.Clear();
        _pool.AddRange(best);
    }

    private bool GoesOn(List<BeamCandidate> open)
    {
        if (open.Count == 0)
            return false;
        if (_pool.Count < _settings.Count)
            return true;
        if (_settings.EarlyStopping == EarlyStopping.WhenFull)
            return false;
        bool longerIsBetter = _settings.EarlyStopping == EarlyStopping.Never && _settings.LengthPenalty > 0;
        int length = longerIsBetter ? Request.Request.Stop.MaxNewTokens : NewTokens;
        return Normalize(open[0].Score, length) > _pool[^1].Score;
    }

    private float Normalize(float score, int length) => score / MathF.Pow(length, _settings.LengthPenalty);

    // The first candidate of a beam goes on in its place, the others in copies made before.
    private static List<BeamSequence> Extend(List<BeamCandidate> open)
    {
        HashSet<BeamSequence> taken = [];
        BeamSequence[] next = [.. open.Select(one => taken.Add(one.Beam) ? one.Beam : new BeamSequence(one.Beam))];
        for (int i = 0; i < next.Length; i++)
            next[i].Take(open[i]);
        return [.. next];
    }
}
