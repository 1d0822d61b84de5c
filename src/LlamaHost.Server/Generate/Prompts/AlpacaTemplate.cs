namespace LlamaHost.Server.Generate.Prompts;

/// <summary>
/// The two forms of prompt that models fine-tuned on Stanford Alpaca's data were trained with. Source: <c>PROMPT_DICT</c> in <c>train.py</c> of
/// tatsu-lab/stanford_alpaca.
/// </summary>
internal static class AlpacaTemplate
{
    /// <summary>The prompt for an instruction.</summary>
    /// <param name="instruction">What is to be done.</param>
    /// <param name="input">What it is to be done with; <see langword="null"/> or empty: the form without input.</param>
    public static string Apply(string instruction, string? input) => string.IsNullOrEmpty(input)
        ? "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
            + $"### Instruction:\n{instruction}\n\n### Response:"
        : "Below is an instruction that describes a task, paired with an input that provides further context. "
            + "Write a response that appropriately completes the request.\n\n"
            + $"### Instruction:\n{instruction}\n\n### Input:\n{input}\n\n### Response:";
}
