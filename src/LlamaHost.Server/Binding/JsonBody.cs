using System.Buffers;
using System.IO.Pipelines;
using System.Net.Mime;
using System.Text.Json;
using System.Text.Unicode;
using LlamaHost.Server.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace LlamaHost.Server.Binding;

/// <summary>Reads a request's body as one JSON object, strictly: RFC 8259 without extensions, in UTF-8.</summary>
internal static class JsonBody
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the whole body.</summary>
    /// <param name="request">A request whose body has not been read.</param>
    /// <param name="limits">Its largest size in bytes, and its most levels of nesting.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ApiException">413, 415, or a 400: <c>invalid_utf8</c>, <c>invalid_json</c>.</exception>
    /// <exception cref="BadHttpRequestException">The body is cut off.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpRequest request, (int Bytes, int Depth) limits, CancellationToken cancellationToken)
    {
        CheckContentType(request);
        // Kestrel's own limit cuts the connection while the client still sends, so that many clients never see the answer. With this one
        // the rest of the body is read (for Kestrel's 5 seconds at most) and thrown away.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } kestrel)
            kestrel.MaxRequestBodySize = null;
        return Parse(await CollectAsync(request, limits.Bytes, cancellationToken), limits.Depth);
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

    private static async Task<ReadOnlyMemory<byte>> CollectAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
            throw TooLarge(maxBytes);
        var body = new MemoryStream();
        while (true)
        {
            ReadResult read = await request.BodyReader.ReadAsync(cancellationToken);
            if (body.Length + read.Buffer.Length > maxBytes)
            {
                // Kestrel throws the rest of the body away, which it can't while this read is open: it would cut the connection.
                request.BodyReader.AdvanceTo(read.Buffer.End);
                throw TooLarge(maxBytes);
            }
            foreach (ReadOnlyMemory<byte> part in read.Buffer)
                body.Write(part.Span);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return body.GetBuffer().AsMemory(0, (int)body.Length);
        }
    }

    private static ApiException TooLarge(int maxBytes) => new(
        StatusCodes.Status413PayloadTooLarge, ErrorCodes.BodyTooLarge, null, $"The request's body is larger than {maxBytes} bytes.");

    private static void CheckContentType(HttpRequest request)
    {
        bool isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && (type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
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
