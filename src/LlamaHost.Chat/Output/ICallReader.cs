namespace LlamaHost.Chat.Output;

/// <summary>Reads one call after what opened it, character by character, and turns it into events.</summary>
internal interface ICallReader
{
    /// <summary>Whether it is a call for certain, and has been told of.</summary>
    bool IsStarted { get; }

    /// <summary>Whether all arguments were read.</summary>
    bool HasAllArguments { get; }

    /// <summary>What has been read and is no part of the call: everything as long as none has started, then what it broke off at.</summary>
    string Rest { get; }

    /// <summary>Takes a character.</summary>
    /// <returns>True if the call ended with it, false if this can't be a call or go on as one, null if there is more to come.</returns>
    bool? Push(char c);
}
