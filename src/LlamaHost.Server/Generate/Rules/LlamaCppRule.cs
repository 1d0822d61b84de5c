using LlamaHost.Engine.Requests;
using LlamaHost.Server.Generate.Prompts;

namespace LlamaHost.Server.Generate.Rules;

/// <summary>Puts the parameters together that llama.cpp's samplers have several of. Defaults: its <c>common_params_sampling</c>.</summary>
internal static class LlamaCppRule
{
    /// <summary>Default of <c>dry_base</c>.</summary>
    public const float DryBase = 1.75f;

    /// <summary>Default of <c>dry_allowed_length</c>.</summary>
    public const int DryAllowedLength = 2;

    /// <summary>Default of <c>xtc_threshold</c>.</summary>
    public const float XtcThreshold = 0.1f;

    /// <summary>Default of <c>mirostat_tau</c>.</summary>
    public const float MirostatTau = 5;

    /// <summary>Default of <c>mirostat_eta</c>.</summary>
    public const float MirostatEta = 0.1f;

    /// <summary>Default of <c>dry_sequence_breakers</c>.</summary>
    public static IReadOnlyList<string> DrySequenceBreakers { get; } = ["\n", ":", "\"", "*"];

    /// <summary>The settings with these samplers, as far as the request wants them.</summary>
    public static SamplingSettings Apply(SamplingSettings settings, GenerateRequest request, TokenizedRequest? tokens) => settings with
    {
        Dry = request.DryMultiplier > 0
            ? new DrySettings(
                request.DryMultiplier, request.DryBase ?? DryBase, request.DryAllowedLength ?? DryAllowedLength, request.DryPenaltyLastN ?? -1,
                tokens?.DryBreakers ?? [])
            : null,
        Xtc = settings.DoSample && request.XtcProbability > 0 ? new XtcSettings(request.XtcProbability, request.XtcThreshold ?? XtcThreshold) : null,
        Mirostat = settings.DoSample && request.Mirostat == 2
            ? new MirostatSettings(request.MirostatTau ?? MirostatTau, request.MirostatEta ?? MirostatEta)
            : null,
    };

    /// <summary>What the client should know about parameters whose sampler is off.</summary>
    public static IEnumerable<string> Warnings(GenerateRequest request, SamplingSettings settings)
    {
        (string Switch, bool IsOn, string[] Others)[] samplers =
        [
            ("dry_multiplier", settings.Dry is not null, ["dry_base", "dry_allowed_length", "dry_penalty_last_n", "dry_sequence_breakers"]),
            ("xtc_probability", settings.Xtc is not null, ["xtc_threshold"]),
            ("mirostat", settings.Mirostat is not null, ["mirostat_tau", "mirostat_eta"]),
            ("dynatemp_range", settings.DynamicTemperatureRange > 0, ["dynatemp_exponent"]),
            ("guidance_scale", settings.GuidanceScale != 1, ["negative_prompt"]),
        ];
        foreach ((string name, bool isOn, string[] others) in samplers)
        {
            string[] idle = [.. others.Where(request.Given.Contains)];
            // Greedy search has its own warning for what is about sampling alone.
            bool isTold = !settings.DoSample && name is not ("dry_multiplier" or "guidance_scale");
            if (!isOn && !isTold && idle.Length > 0)
                yield return $"{string.Join(", ", idle)} had no effect without {name}.";
        }
    }
}
