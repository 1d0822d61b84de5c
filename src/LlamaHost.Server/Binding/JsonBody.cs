using System.Buffers;
using System.Net.Mime;
using System.Text.Json;
using System.Text.Unicode;
using LlamaHost.Server.Errors;
using Microsoft.Net.Http.Headers;

namespace LlamaHost.Server.Binding;

/// <summary>Reads a request's body as one JSON object, strictly: RFC 8259 without extensions, in UTF-8.</summary>
internal static class JsonBody
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the whole body.</summary>
    /// <param name="request">A request whose body has not been read.</param>
    /// <param name="maxDepth">Most levels of nesting.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ApiException">415, or a 400: <c>invalid_utf8</c>, <c>invalid_json</c>.</exception>
    /// <exception cref="BadHttpRequestException">The body is larger than allowed, or cut off.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpRequest request, int maxDepth, CancellationToken cancellationToken)
    {
        CheckContentType(request);
        var buffer = new MemoryStream();
        await request.BodyReader.CopyToAsync(buffer, cancellationToken);
        return Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), maxDepth);
    }

    /// <summary>Parses a whole body.</summary>
    /// <exception cref="ApiException">A 400: <c>invalid_utf8</c>, <c>invalid_json</c>.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body, int maxDepth)
    {
        if (body.Span.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];
        if (!Utf8.IsValid(body.Span))
            throw ApiException.BadRequest(ErrorCodes.InvalidUtf8, null, $"The body is not UTF-8: byte {FirstInvalidByte(body.Span)} can't be there.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = maxDepth });
        }
        catch (JsonException error)
        {
            throw ApiException.BadRequest(ErrorCodes.InvalidJson, null, $"The body is not valid JSON. {error.Message}");
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        string kind = JsonKinds.Name(document.RootElement.ValueKind);
        document.Dispose();
        throw ApiException.BadRequest(ErrorCodes.InvalidJson, null, $"The body must be a JSON object; it is {kind}.");
    }

    private static void CheckContentType(HttpRequest request)
    {
        bool isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && (type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (isJson)
            return;
        string sent = string.IsNullOrEmpty(request.ContentType) ? "no Content-Type" : $"Content-Type {Spelling.Quote(request.ContentType)}";
        throw new ApiException(
            StatusCodes.Status415UnsupportedMediaType, ErrorCodes.UnsupportedMediaType, null,
            $"Send the body as application/json in UTF-8 (curl: -H 'Content-Type: application/json'); it came with {sent}.");
    }

    private static int FirstInvalidByte(ReadOnlySpan<byte> body)
    {
        int offset = 0;
        while (System.Text.Rune.DecodeFromUtf8(body[offset..], out _, out int length) == OperationStatus.Done)
            offset += length;
        return offset;
    }
}
