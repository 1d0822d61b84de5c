namespace LlamaHost.Server.Errors;

/// <summary>The stable codes that the server itself answers with; those of models and workers come from the runtime.</summary>
internal static class ErrorCodes
{
    /// <summary>The body is not JSON, is cut off, nests too deeply, or is not an object.</summary>
    public const string InvalidJson = "invalid_json";

    /// <summary>The body is not UTF-8.</summary>
    public const string InvalidUtf8 = "invalid_utf8";

    /// <summary>A field that does not exist.</summary>
    public const string UnknownField = "unknown_field";

    /// <summary>A field or value that Hugging Face knows and LlamaHost does not do; the message says why.</summary>
    public const string UnsupportedParameter = "unsupported_parameter";

    /// <summary>A field that must be there.</summary>
    public const string MissingField = "missing_field";

    /// <summary>A field that is there twice.</summary>
    public const string DuplicateField = "duplicate_field";

    /// <summary>A value of another JSON type than the field's.</summary>
    public const string WrongType = "wrong_type";

    /// <summary>A value of the right type outside the field's range.</summary>
    public const string OutOfRange = "out_of_range";

    /// <summary>Fields that are sound alone but not together.</summary>
    public const string ConflictingFields = "conflicting_fields";

    /// <summary>A grammar, a regular expression or a JSON schema that can't be enforced; the message says where and why.</summary>
    public const string InvalidGrammar = "invalid_grammar";

    /// <summary>A prompt without tokens, for a model that has no begin token.</summary>
    public const string EmptyPrompt = "empty_prompt";

    /// <summary><c>max_length</c> leaves no room for a new token.</summary>
    public const string MaxLengthBelowPrompt = "max_length_below_prompt";

    /// <summary>Prompt and new tokens don't fit into the model's context.</summary>
    public const string ContextLengthExceeded = "context_length_exceeded";

    /// <summary>A continuation that adds no token to its prompt.</summary>
    public const string EmptyContinuation = "empty_continuation";

    /// <summary>Something that models of this kind can't do.</summary>
    public const string UnsupportedByModel = "unsupported_by_model";

    /// <summary>More sequences than one request may ask for.</summary>
    public const string TooManySequences = "too_many_sequences";

    /// <summary>The model's chat template can't be read; only the operator can mend that.</summary>
    public const string ChatTemplateInvalid = "chat_template_invalid";

    /// <summary>The chat template refuses the messages, or a template from a request is not valid.</summary>
    public const string ChatTemplateFailed = "chat_template_failed";

    /// <summary>The request brings a chat template, and the configuration doesn't allow that.</summary>
    public const string TemplatesNotAllowed = "templates_not_allowed";

    /// <summary>No such model.</summary>
    public const string ModelNotFound = "model_not_found";

    /// <summary>No such response is stored.</summary>
    public const string ResponseNotFound = "response_not_found";

    /// <summary>The response that a conversation is to go on from is not stored.</summary>
    public const string PreviousResponseNotFound = "previous_response_not_found";

    /// <summary>An item that a request refers to is not stored.</summary>
    public const string ItemNotFound = "item_not_found";

    /// <summary>A response that has ended can't be cancelled.</summary>
    public const string ResponseEnded = "response_ended";

    /// <summary>A client had a response cancelled.</summary>
    public const string ResponseCancelled = "response_cancelled";

    /// <summary>No such route.</summary>
    public const string NotFound = "not_found";

    /// <summary>The route does not take this method.</summary>
    public const string MethodNotAllowed = "method_not_allowed";

    /// <summary>The body is not declared as JSON.</summary>
    public const string UnsupportedMediaType = "unsupported_media_type";

    /// <summary>The body is larger than allowed.</summary>
    public const string BodyTooLarge = "body_too_large";

    /// <summary>HTTP itself was violated.</summary>
    public const string BadRequest = "bad_request";

    /// <summary>The server takes no new requests.</summary>
    public const string ShuttingDown = "shutting_down";

    /// <summary>The request's settings left no token to choose in the middle of a sequence.</summary>
    public const string NoTokenLeft = "no_token_left";

    /// <summary>The engine could not go on with a sequence.</summary>
    public const string GenerationFailed = "generation_failed";

    /// <summary>A defect of the server.</summary>
    public const string Internal = "internal_error";
}
