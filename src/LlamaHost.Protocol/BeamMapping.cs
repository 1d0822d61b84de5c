using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol;

/// <summary>Beam settings to and from their wire form.</summary>
internal static class BeamMapping
{
    public static BeamSearch ToMessage(this BeamSettings beams) => new()
    {
        Count = beams.Count,
        LengthPenalty = beams.LengthPenalty,
        EarlyStopping = beams.EarlyStopping switch
        {
            EarlyStopping.Heuristic => BeamSearch.Types.EarlyStopping.Heuristic,
            EarlyStopping.WhenFull => BeamSearch.Types.EarlyStopping.WhenFull,
            EarlyStopping.Never => BeamSearch.Types.EarlyStopping.Never,
            _ => throw new ArgumentOutOfRangeException(nameof(beams), beams.EarlyStopping, "Unknown early stopping."),
        },
    };

    public static BeamSettings ToSettings(this BeamSearch message) => new()
    {
        Count = message.Count,
        LengthPenalty = message.LengthPenalty,
        EarlyStopping = message.EarlyStopping switch
        {
            BeamSearch.Types.EarlyStopping.Heuristic => EarlyStopping.Heuristic,
            BeamSearch.Types.EarlyStopping.WhenFull => EarlyStopping.WhenFull,
            BeamSearch.Types.EarlyStopping.Never => EarlyStopping.Never,
            _ => throw new ArgumentOutOfRangeException(nameof(message), message.EarlyStopping, "Unknown early stopping."),
        },
    };
}
