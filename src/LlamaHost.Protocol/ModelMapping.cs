using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol;

/// <summary>Model descriptions to and from their wire form. Nothing is lost either way.</summary>
public static class ModelMapping
{
    /// <summary>The description as sent to the host.</summary>
    public static ModelInfo ToMessage(this ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var message = new ModelInfo
        {
            Architecture = model.Architecture,
            Description = model.Description,
            VocabularySize = model.VocabularySize,
            ContextLength = model.ContextLength,
            TrainedContextLength = model.TrainedContextLength,
            KvCells = model.KvCells,
            MaxSequences = model.MaxSequences,
            ParameterCount = model.ParameterCount,
            SizeBytes = model.SizeBytes,
            NativeVersion = model.NativeVersion,
            Backend = model.Backend,
            EncoderLength = model.EncoderLength,
            EmbedsOnly = !model.CanGenerate,
            AddsBosToken = model.AddsBosToken,
        };
        message.EosTokenIds.AddRange(model.EosTokenIds);
        message.ControlTokens.AddRange(
            model.ControlTokens.Select(token => new ControlToken { Id = token.Id, Text = token.Text, EndsTurn = token.EndsTurn }));
        if (model.BosTokenId is { } bos)
            message.BosTokenId = bos;
        if (model.PadTokenId is { } pad)
            message.PadTokenId = pad;
        if (model.DecoderStartTokenId is { } start)
            message.DecoderStartTokenId = start;
        if (model.Embedding is { } embedding)
        {
            message.Embedding = new EmbeddingInfo
                { Length = embedding.Length, Pooling = (EmbeddingInfo.Types.Pooling)embedding.Pooling, MaxTokens = embedding.MaxTokens };
        }
        message.Placement = model.Placement?.ToMessage();
        return message;
    }

    /// <summary>The description as received by the host.</summary>
    public static ModelDescription ToDescription(this ModelInfo message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new ModelDescription
        {
            Architecture = message.Architecture,
            Description = message.Description,
            VocabularySize = message.VocabularySize,
            ContextLength = message.ContextLength,
            TrainedContextLength = message.TrainedContextLength,
            KvCells = message.KvCells,
            MaxSequences = message.MaxSequences,
            EosTokenIds = [.. message.EosTokenIds],
            BosTokenId = message.HasBosTokenId ? message.BosTokenId : null,
            AddsBosToken = message.AddsBosToken,
            ControlTokens = [.. message.ControlTokens.Select(token => new Engine.Requests.ControlToken(token.Id, token.Text, token.EndsTurn))],
            PadTokenId = message.HasPadTokenId ? message.PadTokenId : null,
            ParameterCount = message.ParameterCount,
            SizeBytes = message.SizeBytes,
            NativeVersion = message.NativeVersion,
            Backend = message.Backend,
            EncoderLength = message.EncoderLength,
            DecoderStartTokenId = message.HasDecoderStartTokenId ? message.DecoderStartTokenId : null,
            CanGenerate = !message.EmbedsOnly,
            Placement = message.Placement?.ToPlacement(),
            Embedding = message.Embedding is { } embedding
                ? new EmbeddingDescription
                    { Length = embedding.Length, Pooling = (EmbeddingPooling)embedding.Pooling, MaxTokens = embedding.MaxTokens }
                : null,
        };
    }
}
