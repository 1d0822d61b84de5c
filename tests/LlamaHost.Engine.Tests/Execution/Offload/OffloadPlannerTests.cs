using CsCheck;
using LlamaHost.Engine.Execution.Offload;
using LlamaHost.Gguf;

namespace LlamaHost.Engine.Tests.Execution.Offload;

public sealed class OffloadPlannerTests
{
    private const long GiB = 1L << 30;

    private static readonly Gen<ModelShape> AnyShape =
        from blocks in Gen.Select(Gen.Long[0, 5000], Gen.Long[1, 64], Gen.Long[1, 64]).Array[1, 12]
        from output in Gen.Long[0, 20_000]
        from widths in Gen.Select(Gen.Int[1, 64], Gen.Int[1, 256], Gen.Int[1, 8], Gen.Int[1, 500])
        select new ModelShape
        {
            Blocks = [.. blocks.Select(block => new BlockShape(block.Item1 * 64, block.Item2, block.Item3))],
            OutputBytes = output * 64,
            EmbeddingLength = widths.Item1,
            FeedForwardLength = widths.Item2,
            Heads = widths.Item3,
            VocabularySize = widths.Item4,
            TrainedContextLength = 8192,
        };

    private static readonly Gen<OffloadRequest> AnyRequest =
        from model in AnyShape
        from budgets in Gen.Long[0, 8_000_000].Array[1, 4]
        from layers in Gen.Int[-3, 15]
        from split in Gen.Float[0, 4].Array[budgets.Length]
        from hasSplit in Gen.Bool
        from cells in Gen.Int[1, 40]
        from leastCells in Gen.Int[1, 40]
        from flags in Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[1, 64])
        select new OffloadRequest
        {
            Model = model,
            Budgets = budgets,
            Layers = layers < 0 ? null : layers,
            TensorSplit = hasSplit ? split : [],
            Cells = cells * 256,
            LeastCells = Math.Min(cells, leastCells) * 256,
            BatchTokens = flags.Item3,
            OffloadKv = flags.Item1,
            FlashAttention = flags.Item2,
        };

    [Fact]
    public void No_device_is_planned_to_give_more_than_it_can() =>
        AnyRequest.Sample(request =>
        {
            OffloadPlan plan = OffloadPlanner.Plan(request with { Layers = null });

            Assert.True(plan.Fits);
            Assert.All(plan.DeviceBytes.Zip(request.Budgets), pair => Assert.InRange(pair.First, 0, pair.Second));
        });

    [Fact]
    public void More_memory_never_means_fewer_layers_nor_a_smaller_cache_for_as_many() =>
        Gen.Select(AnyRequest, Gen.Long[0, 4_000_000].Array[4]).Sample((any, more) =>
        {
            OffloadRequest request = any with { Layers = null };
            OffloadPlan before = OffloadPlanner.Plan(request);
            // Without proportions of one's own, the plan's own depend on the budgets, but never at the cost of a layer.
            OffloadPlan after = OffloadPlanner.Plan(request with { Budgets = [.. request.Budgets.Select((budget, i) => budget + more[i])] });

            Assert.True((after.GpuLayers, after.Cells).CompareTo((before.GpuLayers, before.Cells)) >= 0, $"{before} became {after}");
        });

    [Fact]
    public void Layers_are_counted_once_and_as_many_as_were_asked_for() =>
        AnyRequest.Sample(request =>
        {
            OffloadPlan plan = OffloadPlanner.Plan(request);

            Assert.All(plan.DeviceLayers, layers => Assert.True(layers >= 0));
            Assert.InRange(plan.GpuLayers, 0, request.Model.Layers);
            Assert.InRange(plan.Cells, request.LeastCells, request.Cells);
            if (request.Layers is { } asked)
                Assert.Equal(Math.Min(asked, request.Model.Layers), plan.GpuLayers);
            Assert.Equal(plan.Fits, plan.DeviceBytes.Zip(request.Budgets).All(pair => pair.First <= pair.Second));
        });

    [Fact]
    public void What_does_not_fit_has_no_room_in_any_other_way_either() =>
        AnyRequest.Where(request => request.TensorSplit.Count == 0 && request.Budgets.Count <= 2 && request.Model.Layers <= 6).Sample(any =>
        {
            OffloadRequest request = any with { Layers = null, LeastCells = any.Cells };
            OffloadPlan plan = OffloadPlanner.Plan(request);

            int all = request.Model.Layers;
            for (int layers = plan.GpuLayers + 1; layers <= all; layers++)
            {
                for (int first = 0; first <= layers; first++)
                {
                    int start = all - layers;
                    long[] bytes = [MemoryEstimate.Of(request, request.Cells, start, start + first),
                        MemoryEstimate.Of(request, request.Cells, start + first, all)];
                    bool isPossible = request.Budgets.Count == 2
                        ? bytes[0] <= request.Budgets[0] && bytes[1] <= request.Budgets[1]
                        : first == layers && bytes[0] <= request.Budgets[0];
                    Assert.False(isPossible, $"{layers} layers fit, {first} of them on the first device, but the plan is {plan}");
                }
            }
        });

    // The compute buffers of 512 tokens and 8,192 cells: 512 x 4 x (6 x 4096 + 3 x 14336) bytes of states are less than 512 x 4 x 128256 of logits
    // (251 MiB); the mask has 512 x 8192 x 6 bytes (24 MiB). KV: 1 GiB / 32 = 32 MiB for each block.
    //  8 GiB less a margin of 1: 5.8 GiB are needed (weights 4.30, KV 1.00, buffers 0.27, rounded), so all layers fit.
    //  4 GiB: 3 GiB - 411 MiB (output) - 275 MiB (buffers) = 2386 MiB; the last 4 blocks are the better ones (165 MiB with KV), before them two of
    //  149 MiB and one of 165 MiB in turn: 4 x 165 + 2 x 149 + 165 + 2 x 149 + 165 + 2 x 149 + 165 + 149 + 149 = 2347, and no other: 15 blocks.
    [Theory]
    [InlineData("Llama 3.1 8B", 8, 8192, 33)]
    [InlineData("Llama 3.1 8B", 4, 8192, 16)]
    [InlineData("Llama 3.1 8B", 1, 8192, 0)]
    [InlineData("Llama 3.2 1B", 4, 8192, 17)]
    [InlineData("Llama 3.1 70B", 80, 8192, 81)]
    public void Known_models_get_the_layers_that_a_calculation_by_hand_gives(string name, int gibibytes, int cells, int layers)
    {
        OffloadPlan plan = OffloadPlanner.Plan(new OffloadRequest
        {
            Model = KnownModel.All[name].Shape("Q4_K_M"),
            Budgets = [(gibibytes - 1) * GiB],
            Cells = cells,
            LeastCells = cells,
            BatchTokens = 512,
        });

        Assert.Equal(layers, plan.GpuLayers);
    }

    [Fact]
    public void A_context_that_nobody_asked_for_is_shortened_if_all_layers_fit_then()
    {
        OffloadRequest request = Llama8B(budgets: [5 * GiB + GiB / 2]);

        OffloadPlan plan = OffloadPlanner.Plan(request with { LeastCells = 4096 });

        Assert.Equal(33, plan.GpuLayers);
        Assert.InRange(plan.Cells, 4096, 8191);
        Assert.False(OffloadPlanner.Plan(request with { Layers = 33, Cells = plan.Cells + 256, LeastCells = plan.Cells + 256 }).Fits);
        OffloadPlan asked = OffloadPlanner.Plan(request);
        Assert.Equal(8192, asked.Cells);
        Assert.InRange(asked.GpuLayers, 1, 32);
    }

    [Fact]
    public void A_context_is_not_shortened_in_vain()
    {
        OffloadPlan plan = OffloadPlanner.Plan(Llama8B(budgets: [3 * GiB]) with { LeastCells = 4096 });

        Assert.Equal(8192, plan.Cells);
    }

    [Fact]
    public void Layers_are_shared_out_by_what_the_devices_have_or_by_the_proportions_that_were_asked_for()
    {
        OffloadRequest request = Llama8B(budgets: [12 * GiB, 4 * GiB]);

        Assert.Equal([25, 8], OffloadPlanner.Plan(request).DeviceLayers);
        Assert.Equal([11, 22], OffloadPlanner.Plan(request with { TensorSplit = [1, 2], Budgets = [12 * GiB, 12 * GiB] }).DeviceLayers);
        Assert.Equal([0, 33], OffloadPlanner.Plan(request with { TensorSplit = [0, 1], Budgets = [12 * GiB, 12 * GiB] }).DeviceLayers);
    }

    [Fact]
    public void A_KV_cache_that_stays_with_the_CPU_takes_no_room_on_the_GPU()
    {
        OffloadRequest request = Llama8B(budgets: [8 * GiB]);

        long with = OffloadPlanner.Plan(request).DeviceBytes[0], without = OffloadPlanner.Plan(request with { OffloadKv = false }).DeviceBytes[0];

        Assert.Equal(GiB, with - without);
    }

    private static OffloadRequest Llama8B(long[] budgets) => new()
    {
        Model = KnownModel.All["Llama 3.1 8B"].Shape("Q4_K_M"),
        Budgets = budgets,
        Cells = 8192,
        LeastCells = 8192,
        BatchTokens = 512,
        KeyType = GgmlBlock.Of(1),
        ValueType = GgmlBlock.Of(1),
    };
}
