using Grpc.Core;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Text;
using LlamaHost.Protocol;
using LlamaHost.Worker.Models;

namespace LlamaHost.Worker;

/// <summary>What the host can ask of the worker, as <c>worker.proto</c> says, but for generations: see <see cref="SessionService"/>.</summary>
internal sealed class WorkerService(ModelHost model) : ModelWorker.ModelWorkerBase
{
    public override async Task Watch(WatchRequest request, IServerStreamWriter<WorkerStatus> responseStream, ServerCallContext context)
    {
        await foreach (WorkerStatus status in model.Status.ReadAsync(context.CancellationToken).ConfigureAwait(false))
            await responseStream.WriteAsync(status, context.CancellationToken).ConfigureAwait(false);
    }

    public override Task<TokenizeReply> Tokenize(TokenizeRequest request, ServerCallContext context)
    {
        var reply = new TokenizeReply();
        reply.Tokens.AddRange(model.Engine.Tokenizer.Tokenize(request.Text, request.AddSpecial, request.ParseSpecial));
        return Task.FromResult(reply);
    }

    public override Task<DetokenizeReply> Detokenize(DetokenizeRequest request, ServerCallContext context)
    {
        ITokenizer tokenizer = model.Engine.Tokenizer;
        foreach (int token in request.Tokens)
        {
            if (token < 0 || token >= tokenizer.VocabularySize)
            {
                throw new RpcException(new Status(
                    StatusCode.InvalidArgument, $"{token} is not a token id: the vocabulary has {tokenizer.VocabularySize}, counted from 0."));
            }
        }
        var reply = new DetokenizeReply { Text = tokenizer.Detokenize(request.Tokens, request.SkipSpecialTokens) };
        reply.Pieces.AddRange(request.Tokens.Select(tokenizer.Name));
        return Task.FromResult(reply);
    }

    public override async Task<EmbedReply> Embed(EmbedRequest request, ServerCallContext context)
    {
        IReadOnlyList<float[]> embeddings;
        try
        {
            embeddings = await model.Engine.EmbedAsync([.. request.Texts.Select(text => text.Tokens)], context.CancellationToken)
                .ConfigureAwait(false);
        }
        catch (InvalidRequestException invalid)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, invalid.Message));
        }
        catch (ModelLoadException failure)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, failure.Message));
        }
        catch (ObjectDisposedException)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The engine has ended."));
        }
        var reply = new EmbedReply();
        foreach (float[] embedding in embeddings)
            reply.Embeddings.Add(new Embedding { Values = { embedding } });
        return reply;
    }
}
