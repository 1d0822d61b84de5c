using System.ComponentModel.DataAnnotations;

namespace LlamaHost.Server;

/// <summary>What the HTTP side of the host allows. Configuration section <c>Server</c>; validated at start.</summary>
public sealed class ServerOptions
{
    /// <summary>The configuration section that holds these options.</summary>
    public const string SectionName = "Server";

    /// <summary>Where the server listens unless ASP.NET Core's own settings (<c>Urls</c>, <c>ASPNETCORE_URLS</c>, …) say otherwise.</summary>
    public const string DefaultUrl = "http://localhost:8080";

    /// <summary>Largest request body in bytes; beyond it, 413.</summary>
    [Range(1024, int.MaxValue)]
    public int MaxRequestBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Most levels of nesting in a request's JSON.</summary>
    [Range(2, 256)]
    public int MaxJsonDepth { get; set; } = 32;

    /// <summary>Most sequences of one request: its prompts times <c>num_return_sequences</c>.</summary>
    [Range(1, 4096)]
    public int MaxSequencesPerRequest { get; set; } = 256;

    /// <summary>
    /// Names that requests to <c>/v1</c> may give for a model and that mean the default one, unless a model has that id.
    /// <see langword="null"/>: <c>default</c>, <c>local-model</c> and <c>gpt-3.5-turbo</c>.
    /// </summary>
    public IReadOnlyList<string>? PlaceholderModels { get; set; }

    /// <summary>Most responses of <c>/v1/responses</c> that are kept; the one used least recently goes first. 0: none.</summary>
    [Range(0, 1_000_000)]
    public int MaxStoredResponses { get; set; } = 1000;

    /// <summary>Most bytes of memory that their JSON takes together; a response that is larger is not kept.</summary>
    [Range(1024L, long.MaxValue)]
    public long MaxStoredResponseBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>How long a response is kept, if there is room.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan StoredResponseLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>A stream of server-sent events is silent for no longer than this: then a comment is sent.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan StreamHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a shutdown waits for running requests; what then still runs is cancelled.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Let requests bring a chat template of their own. Templates are bounded in time and memory, but whoever sends one may use all of that.
    /// </summary>
    public bool AllowRequestTemplates { get; set; }

    /// <summary>Write prompts to the log. Off: whatever the log level, they never appear there.</summary>
    public bool LogPrompts { get; set; }
}
