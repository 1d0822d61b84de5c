namespace LlamaHost.Engine.Execution.Threads;

/// <summary>
/// Finds the fastest thread count for steps of one shape, and finds it again when the machine's other work changes. It stays at one count, the
/// incumbent, and now and then tries another for a few steps: rarely as long as nothing changes, at once when the incumbent's steps suddenly take
/// longer or shorter. During a trial candidate and incumbent take turns, so that what else the machine does hits both alike. What trials lose is
/// held to a small share of the time.
/// </summary>
internal sealed class ShapeTuner(ThreadCounts counts, int threads)
{
    // The candidate takes over if it is faster by more than what steps scatter. More threads have to prove it for longer: where a core has other
    // work, some of their steps are fast until one takes seconds.
    private const int TrialSteps = 8;
    private const int TrialStepsOfMore = 16;
    private const double LongTrialSeconds = 1;
    private const double ClearlyFaster = 0.93;
    private const double ClearlySlower = 1.1;
    private const double FarSlower = 3;

    // Steps in a row with one count during a trial.
    private const int TurnSteps = 2;

    // Steps of a trial before their mean says something: the first may have to wake its threads.
    private const int FirstSteps = 4;

    // Changes of the incumbent's own time that mean that something else began or ended.
    private const double SlowedDown = 1.4;
    private const double SpedUp = 0.8;

    // Steps between trials while nothing changes: doubled with each that failed.
    private const int ShortestWait = 16;
    private const int LongestWait = 256;

    // Share of the time that trials may lose, and most seconds that one is remembered with.
    private const double LossShare = 0.03;
    private const double MostDebt = 0.6;

    // A slowdown is followed while as much is still owed.
    private const double MostDebtAtSlowdown = 0.3;

    // On a busy machine a few threads have cores of their own at times. What is owed is forgiven when they have had them for so many steps, of which
    // none took longer than this over the shortest.
    private const int CalmSteps = 48;
    private const double Calm = 1.25;

    // Unimodal but for noise and plateaus: further neighbours see over those.
    private static readonly int[] ProbeOffsets = [1, -1, 2, -2, 4, -4];

    private readonly Queue<int> _candidates = new();
    private RecentCosts _incumbentCosts = new();
    private RecentCosts? _trialCosts;
    private RecentCosts _controlCosts = new();
    private int _incumbent = counts.IndexAtMost(threads);
    private int _candidate;
    private double _trialSeconds;
    private double _trialLoss;
    private double _debt;
    private int _wait = ShortestWait / 2;
    private int _stepsSinceTrial;
    private int _nextOffset;
    private bool _awaitsCalm;
    private bool _isSlowed;
    private int _calmSteps;

    /// <summary>Threads for the next step.</summary>
    public int Threads => counts[IsCandidatesTurn ? _candidate : _incumbent];

    /// <summary>Threads that are thought the fastest.</summary>
    public int Incumbent => counts[_incumbent];

    // The incumbent answers each turn of the candidate.
    private bool IsCandidatesTurn =>
        _trialCosts is { } trial && (trial.Count == _controlCosts.Count || trial.Count % TurnSteps != 0);

    /// <summary>Takes the duration of a step that was computed with <see cref="Threads"/>.</summary>
    public void Record(int tokens, double seconds)
    {
        double cost = seconds / tokens;
        if (_trialCosts is not { } trial)
            RecordIncumbent(cost, seconds);
        else if (IsCandidatesTurn)
            RecordTrial(trial, cost, seconds);
        else
            RecordControl(trial, cost, seconds);
    }

    /// <summary>Another shape's fastest count has changed: what is remembered here may be from before, and the same count may be good here.</summary>
    public void Suggest(int count)
    {
        EndTrial();
        Forget();
        _incumbentCosts.Clear();
        if (_debt <= 0)
            Enqueue(counts.IndexAtMost(count));
    }

    private void RecordIncumbent(double cost, double seconds)
    {
        _incumbentCosts.Add(cost);
        _debt = Math.Max(0, _debt - (LossShare * seconds));
        _stepsSinceTrial++;
        if (!FollowChange())
            EnqueueWhatIsDue(cost);
        StartTrial();
    }

    private void EnqueueWhatIsDue(double cost)
    {
        if (_isSlowed)
            EnqueueFewer();
        else if (_awaitsCalm && HasCalmed(cost))
            EnqueueMore();
        else if (_candidates.Count == 0 && _stepsSinceTrial >= _wait && _debt <= 0)
            EnqueueProbe();
    }

    // What a trial told was before the change says nothing any more: the one under way ends.
    private bool FollowChange()
    {
        double change = _incumbentCosts.Change;
        if (change is <= SlowedDown and >= SpedUp)
            return false;
        EndTrial();
        if (change > SlowedDown)
            FollowSlowdown();
        else
            FollowSpeedup();
        return true;
    }

    private void FollowSlowdown()
    {
        Forget();
        _isSlowed = true;
        EnqueueFewer();
    }

    // Far fewer as well: where more threads than free cores have collapsed, a few fewer are no better. Later, if too much is owed now.
    private void EnqueueFewer()
    {
        if (_debt > MostDebtAtSlowdown)
            return;
        _isSlowed = false;
        Enqueue(_incumbent - 1);
        Enqueue(counts.IndexAtMost(Incumbent / 2));
        Enqueue(0);
    }

    private void FollowSpeedup()
    {
        Forget();
        if (_debt <= 0)
            EnqueueMore();
        else
            _awaitsCalm = true;
    }

    // What was remembered is from before.
    private void Forget()
    {
        _incumbentCosts.KeepLatest();
        _wait = ShortestWait;
        _candidates.Clear();
        _awaitsCalm = false;
        _isSlowed = false;
        _calmSteps = 0;
    }

    private bool HasCalmed(double cost)
    {
        _calmSteps = cost <= Calm * _incumbentCosts.Least ? _calmSteps + 1 : 0;
        return _calmSteps >= CalmSteps;
    }

    private void EnqueueMore()
    {
        _awaitsCalm = false;
        _debt = 0;
        Enqueue(_incumbent + 1);
        Enqueue(counts.IndexAtMost(Incumbent * 2));
        Enqueue(counts.Length - 1);
    }

    private void EnqueueProbe()
    {
        _stepsSinceTrial = 0;
        for (int tried = 0; tried < ProbeOffsets.Length && _candidates.Count == 0; tried++)
        {
            Enqueue(_incumbent + ProbeOffsets[_nextOffset]);
            _nextOffset = (_nextOffset + 1) % ProbeOffsets.Length;
        }
    }

    private void Enqueue(int candidate)
    {
        if (candidate >= 0 && candidate < counts.Length && candidate != _incumbent && !_candidates.Contains(candidate))
            _candidates.Enqueue(candidate);
    }

    private void StartTrial()
    {
        // Something to compare with.
        if (_incumbentCosts.Count < 2)
            return;
        while (_trialCosts is null && _candidates.TryDequeue(out _candidate))
        {
            if (_candidate != _incumbent)
                _trialCosts = new RecentCosts();
        }
    }

    private void RecordTrial(RecentCosts trial, double cost, double seconds)
    {
        double usual = _controlCosts.Count > 0 ? _controlCosts.Mean : _incumbentCosts.Mean;
        trial.Add(cost);
        _trialSeconds += seconds;
        _trialLoss += seconds * (1 - (usual / cost));
        bool isSlower = trial.Count switch
        {
            1 => false,
            < FirstSteps => trial.Least > ClearlySlower * usual,
            _ => trial.Mean > ClearlySlower * usual,
        };
        if (isSlower || cost > FarSlower * usual)
            Reject();
    }

    private void RecordControl(RecentCosts trial, double cost, double seconds)
    {
        _controlCosts.Add(cost);
        _incumbentCosts.Add(cost);
        _trialSeconds += seconds;
        if (FollowChange())
        {
            StartTrial();
            return;
        }
        if (_controlCosts.Count < trial.Count)
            return;
        if (trial.Count < Enough(trial) && _trialSeconds < LongTrialSeconds)
            return;
        // One step that something interrupted is not worth a change.
        double ratio = trial.Mean / _controlCosts.MeanWithoutWorst;
        if (ratio < ClearlyFaster)
            Accept(trial, ratio);
        else
            Reject();
    }

    // Where fewer threads were faster in each step, the incumbent's steps have cost enough.
    private int Enough(RecentCosts trial) =>
        _candidate > _incumbent ? TrialStepsOfMore
        : trial.Most < ClearlyFaster * _controlCosts.Least ? FirstSteps
        : TrialSteps;

    private void Reject()
    {
        _debt = Math.Clamp(_debt + _trialLoss, 0, MostDebt);
        EndTrial();
        if (_candidates.Count == 0)
            _wait = Math.Min(LongestWait, 2 * _wait);
        StartTrial();
    }

    private void Accept(RecentCosts trial, double ratio)
    {
        // What was lost in slow steps would take many of the fast ones to pay off, and better counts still would not be tried for as long.
        _debt *= ratio;
        int direction = Math.Sign(_candidate - _incumbent);
        _incumbent = _candidate;
        _incumbentCosts = trial;
        _wait = ShortestWait;
        _awaitsCalm = false;
        EndTrial();
        // What helped once may help again.
        if (_candidates.Count == 0)
            Enqueue(_incumbent + direction);
        StartTrial();
    }

    private void EndTrial()
    {
        _trialCosts = null;
        _controlCosts = new RecentCosts();
        _trialSeconds = 0;
        _trialLoss = 0;
        _stepsSinceTrial = 0;
    }
}
