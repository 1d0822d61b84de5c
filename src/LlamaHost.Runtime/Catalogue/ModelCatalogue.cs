using LlamaHost.Engine.Requests;
using LlamaHost.Gguf;
using LlamaHost.Runtime.Configuration;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Runtime.Catalogue;

/// <summary>
/// All models that can be served: the configured ones and those of the models folder. The folder is looked through at the beginning, when the
/// models are listed, and when an unknown id is asked for, though at most once a second; so a file that is put there is found without a restart.
/// </summary>
internal sealed partial class ModelCatalogue
{
    private static readonly TimeSpan LeastAge = TimeSpan.FromSeconds(1);

    private readonly RuntimeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ModelCatalogue> _logger;
    private readonly ModelInspector _inspector = new();
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private IReadOnlyList<KnownModel> _models = [];
    private long _scanned;

    public ModelCatalogue(RuntimeOptions options, TimeProvider time, ILogger<ModelCatalogue> logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _models = Scan();
        _scanned = time.GetTimestamp();
    }

    /// <summary>All models, the default one first, then the other configured ones, then the folder's by name.</summary>
    public IReadOnlyList<KnownModel> Models => Current(mayBeOld: false);

    /// <summary>The model of that id, or the default one for <see langword="null"/>.</summary>
    /// <exception cref="InvalidRequestException"><c>model_not_found</c>.</exception>
    /// <exception cref="ModelUnavailableException"><c>model_failed</c>: none is named, and there is none at all.</exception>
    public KnownModel Resolve(string? id)
    {
        if (Find(Current(mayBeOld: true), id) is { } known)
            return known;
        IReadOnlyList<KnownModel> models = Current(mayBeOld: false);
        if (Find(models, id) is { } found)
            return found;
        if (id is null)
        {
            string reason = $"There is no model: the folder '{_options.ModelsFolder}' holds no GGUF file, and none is configured.";
            throw new ModelUnavailableException("model_failed", reason, isOverload: false, TimeSpan.FromSeconds(10));
        }
        string others = models.Count == 0 ? "There is none." : $"There are: {string.Join(", ", models.Select(model => model.Entry.Id))}.";
        throw new InvalidRequestException("model_not_found", "model", $"There is no model '{id}'. {others}");
    }

    private static KnownModel? Find(IReadOnlyList<KnownModel> models, string? id) =>
        id is null && models is [var first, ..] ? first : models.FirstOrDefault(model => model.Entry.Id == id);

    private IReadOnlyList<KnownModel> Current(bool mayBeOld)
    {
        lock (_lock)
        {
            if (!mayBeOld && _time.GetElapsedTime(_scanned) >= LeastAge)
            {
                _models = Scan();
                _scanned = _time.GetTimestamp();
            }
            return _models;
        }
    }

    private List<KnownModel> Scan()
    {
        List<KnownModel> models = [];
        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (ModelOptions configured in _options.Models)
        {
            string id = configured.Id ?? GgufFiles.NameOf(configured.Path);
            if (IsNew(ids, id, configured.Path))
                models.Add(new KnownModel(Configure(_inspector.Describe(id, configured.Path, out _), configured), configured));
        }
        HashSet<string> paths = new(_options.Models.Select(configured => configured.Path), StringComparer.Ordinal);
        foreach (string path in FolderFiles().Where(path => !GgufFiles.IsLaterPart(path) && !paths.Contains(path)))
        {
            ModelEntry entry = _inspector.Describe(GgufFiles.NameOf(path), path, out bool isModel);
            if (isModel && IsNew(ids, entry.Id, path))
                models.Add(new KnownModel(Configure(entry, null), null));
        }
        if (_options.DefaultModel is { } defaultId)
            PutFirst(models, defaultId);
        return models;
    }

    private void PutFirst(List<KnownModel> models, string id)
    {
        int index = models.FindIndex(model => model.Entry.Id == id);
        // A default model that is not there is still the default: what asks for it, and readiness, say which file is missed.
        KnownModel first = index >= 0
            ? models[index]
            : new KnownModel(_inspector.Describe(id, Path.Combine(_options.ModelsFolder, id + GgufFiles.Extension), out _), null);
        if (index >= 0)
            models.RemoveAt(index);
        models.Insert(0, first);
    }

    private ModelEntry Configure(ModelEntry entry, ModelOptions? own)
    {
        EngineOptions options = own is { ChatTemplate: not null } or { ChatTemplateFile: not null } ? own : _options;
        return entry with { ConfiguredChatTemplate = options.ChatTemplate, ChatTemplateFile = options.ChatTemplateFile };
    }

    private string[] FolderFiles()
    {
        try
        {
            string[] files = Directory.Exists(_options.ModelsFolder) ? Directory.GetFiles(_options.ModelsFolder, "*" + GgufFiles.Extension) : [];
            Array.Sort(files, StringComparer.Ordinal);
            return files;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogUnreadableFolder(_options.ModelsFolder, failure.Message);
            return [];
        }
    }

    private bool IsNew(HashSet<string> ids, string id, string path)
    {
        if (ids.Add(id))
            return true;
        if (_reported.Add(path))
            LogSameId(path, id);
        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The models folder {Folder} can't be read: {Reason}")]
    private partial void LogUnreadableFolder(string folder, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The model file {Path} is left out: another model has the id {Id}; give it one by configuration")]
    private partial void LogSameId(string path, string id);
}
