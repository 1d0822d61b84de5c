namespace LlamaHost.Server.Generate.Prompts;

/// <summary>How a prompt is made from parts.</summary>
internal enum PromptTemplate
{
    /// <summary>See <see cref="AlpacaTemplate"/>.</summary>
    Alpaca,

    /// <summary>The model's own template for chats. Not supported yet.</summary>
    Chat,
}
