namespace LlamaHost.Chat;

/// <summary>
/// A chat template that is not valid, or a conversation that it doesn't render: its own complaint (<c>raise_exception</c>), an error in an
/// expression, or a bound that was reached. The message is fit for the client who sent the conversation.
/// </summary>
public sealed class ChatTemplateException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, in the template's words where it has some.</param>
    public ChatTemplateException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public ChatTemplateException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, in the template's words where it has some.</param>
    /// <param name="innerException">Where it came from.</param>
    public ChatTemplateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
