namespace LlamaHost.Runtime.Workers;

/// <summary>A value that one writer changes and anybody waits on.</summary>
internal sealed class Observed<T>(T initial) where T : class
{
    private readonly Lock _lock = new();
    private T _value = initial;
    private TaskCompletionSource? _changed;

    /// <summary>The value now. Setting it wakes who waits.</summary>
    public T Value
    {
        get => Volatile.Read(ref _value);
        set
        {
            TaskCompletionSource? changed;
            lock (_lock)
            {
                Volatile.Write(ref _value, value);
                changed = _changed;
                _changed = null;
            }
            changed?.TrySetResult();
        }
    }

    /// <summary>The first value from now on that meets the condition. Values that come and go unseen in between may be missed.</summary>
    public async Task<T> WaitAsync(Func<T, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (condition(_value))
                    return _value;
                _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
