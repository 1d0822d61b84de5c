using CsCheck;
using LlamaHost.Engine.Sampling;

namespace LlamaHost.Engine.Tests.Sampling;

public sealed class SoftmaxTests
{
    [Fact]
    public void Weights_are_exponentials_to_the_last_digits_of_a_float() =>
        Gen.Select(Gen.OneOf(Gen.Single[-87, 0], Gen.Single[-2, 0]).Array[1, 100], Gen.Single[-20, 20]).Sample((distances, reference) =>
        {
            float[] scores = [.. distances.Select(distance => reference + distance)];
            float[] weights = new float[scores.Length];

            double sum = Softmax.Exponentiate(scores, reference, weights);

            for (int i = 0; i < scores.Length; i++)
            {
                double expected = Math.Exp(scores[i] - reference);
                Assert.Equal(expected, weights[i], 1.5e-7 * expected);
            }
            Assert.Equal(weights.Sum(weight => (double)weight), sum, 1e-12 * sum);
        }, iter: 2000);

    [Fact]
    public void Equal_scores_get_equal_weights_wherever_they_stand()
    {
        float[] weights = new float[37];
        Softmax.Exponentiate([.. Enumerable.Repeat(-0.3f, 37)], 1.1f, weights);
        Assert.Single(weights.Distinct());
    }

    [Fact]
    public void What_is_forbidden_or_too_unlikely_for_a_float_has_no_weight()
    {
        float[] scores = [.. Enumerable.Repeat(float.NegativeInfinity, 16), 3, 3 - 87, 3 - 88, float.MinValue];
        float[] weights = new float[scores.Length];

        double sum = Softmax.Exponentiate(scores, 3, weights);

        Assert.Equal(1, sum, 1e-12);
        Assert.Equal([.. Enumerable.Repeat(0f, 16), 1], weights[..17]);
        Assert.True(weights[17] > 0);
        Assert.Equal([0, 0], weights[18..]);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_reference_that_is_not_finite_gives_no_sum(float reference) =>
        Assert.Equal(double.NaN, Softmax.Exponentiate([1, reference], reference, new float[2]));

    [Fact]
    public void Entropy_is_that_of_the_definition_and_forbidden_tokens_add_nothing() =>
        Gen.Single[-12, 12].Array[1, 300].Sample(scores =>
        {
            float[] all = [float.NegativeInfinity, .. scores];
            float[] weights = new float[all.Length];
            double sum = Softmax.Exponentiate(all, all.Max(), weights);
            double total = scores.Sum(score => Math.Exp(score));
            double expected = -scores.Sum(score => Math.Exp(score) / total * Math.Log(Math.Exp(score) / total));
            Assert.Equal(expected, Softmax.Entropy(all, all.Max(), weights, sum), 1e-5);
        });
}
