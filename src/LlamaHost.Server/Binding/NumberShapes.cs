using System.Globalization;
using System.Text.Json;
using Microsoft.OpenApi;

namespace LlamaHost.Server.Binding;

/// <summary>A whole number. A fraction of zero (<c>5.0</c>) is whole, as in JSON Schema.</summary>
internal sealed class IntegerShape(int least, int most = int.MaxValue) : Shape<int>
{
    /// <inheritdoc/>
    public override string Description => most == int.MaxValue ? $"an integer, {least} or more" : $"an integer from {least} to {most}";

    /// <inheritdoc/>
    public override int Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind != JsonValueKind.Number)
            throw WrongType(value, field, place);
        // A double holds every int exactly, and tells 5.5 from 5 and 1e99 from both.
        double number = value.GetDouble();
        if (double.IsFinite(number) && number != Math.Truncate(number))
            throw WrongType(value, field, place);
        return number >= least && number <= most ? (int)number : throw OutOfRange(JsonKinds.Quote(value), field, place);
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int32",
        Minimum = least.ToString(CultureInfo.InvariantCulture),
        Maximum = most == int.MaxValue ? null : most.ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>A whole number of 64 bits without sign.</summary>
internal sealed class UnsignedShape : Shape<ulong>
{
    /// <inheritdoc/>
    public override string Description => $"an integer from 0 to {ulong.MaxValue}";

    /// <inheritdoc/>
    public override ulong Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind != JsonValueKind.Number)
            throw WrongType(value, field, place);
        if (value.TryGetUInt64(out ulong number))
            return number;
        double approximate = value.GetDouble();
        throw double.IsFinite(approximate) && approximate != Math.Truncate(approximate)
            ? WrongType(value, field, place)
            : OutOfRange(JsonKinds.Quote(value), field, place);
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "uint64",
        Minimum = "0",
        Maximum = ulong.MaxValue.ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>A number in a closed range, computed with as a 32-bit float.</summary>
/// <param name="least">Smallest value.</param>
/// <param name="most">Largest value.</param>
/// <param name="orZero">0 is allowed too, although below <paramref name="least"/>.</param>
internal sealed class NumberShape(double least, double most, bool orZero = false) : Shape<float>
{
    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture, $"a number{(orZero ? ", 0 or" : "")} from {least:0.######} to {most:0.######}");

    /// <inheritdoc/>
    public override float Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind != JsonValueKind.Number)
            throw WrongType(value, field, place);
        double number = value.GetDouble();
        bool inRange = (number >= least && number <= most) || (orZero && number == 0);
        return inRange ? (float)number : throw OutOfRange(JsonKinds.Quote(value), field, place);
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new()
    {
        Type = JsonSchemaType.Number,
        Format = "float",
        Minimum = (orZero ? 0 : least).ToString(CultureInfo.InvariantCulture),
        Maximum = most.ToString(CultureInfo.InvariantCulture),
    };
}
