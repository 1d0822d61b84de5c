using System.Collections;
using System.Reflection;
using CsCheck;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol.Tests;

/// <summary>
/// Values of any of the contract's records, every property filled by its type, so that a property that is added later takes part
/// without anybody thinking of it here.
/// </summary>
internal static class AnyRecord
{
    private static readonly Gen<string> Text =
        Gen.Char.Array[0, 8].Select(characters => new string([.. characters.Where(character => !char.IsSurrogate(character))]) + "é🙂");

    private static readonly Gen<GpuLayers> AnyLayers = Gen.OneOf(
        Gen.Const(GpuLayers.Auto), Gen.Const(GpuLayers.All), Gen.Int[0, 100].Select(GpuLayers.Exactly));

    public static Gen<T> Of<T>() => Of(typeof(T), new NullabilityInfoContext(), null).Select(value => (T)value!);

    private static Gen<object?> Of(Type type, NullabilityInfoContext context, NullabilityInfo? nullability)
    {
        Gen<object?> values = NotNull(Nullable.GetUnderlyingType(type) ?? type, context, nullability);
        bool nullable = Nullable.GetUnderlyingType(type) is not null || nullability?.WriteState == NullabilityState.Nullable;
        return nullable ? Gen.Bool.SelectMany(isNull => isNull ? Gen.Const((object?)null) : values) : values;
    }

    private static Gen<object?> NotNull(Type type, NullabilityInfoContext context, NullabilityInfo? nullability)
    {
        if (type == typeof(int))
            return Gen.Int.Select(value => (object?)value);
        if (type == typeof(long))
            return Gen.Long.Select(value => (object?)value);
        if (type == typeof(ulong))
            return Gen.ULong.Select(value => (object?)value);
        if (type == typeof(float))
            return Gen.Single.Select(value => (object?)value);
        if (type == typeof(double))
            return Gen.Double.Select(value => (object?)value);
        if (type == typeof(bool))
            return Gen.Bool.Select(value => (object?)value);
        if (type == typeof(string))
            return Text.Select(value => (object?)value);
        if (type == typeof(TimeSpan))
            return Gen.Long.Select(value => (object?)TimeSpan.FromTicks(value));
        if (type == typeof(GpuLayers))
            return AnyLayers.Select(layers => (object?)layers);
        if (type.IsEnum)
            return Gen.Int[0, Enum.GetValues(type).Length - 1].Select(index => Enum.GetValues(type).GetValue(index));
        if (ElementOf(type) is { } element)
        {
            NullabilityInfo? elementNullability = nullability?.GenericTypeArguments is [var one] ? one : nullability?.ElementType;
            // An empty list of lists has no wire form of its own, and no meaning: there is one list per sequence.
            int least = ElementOf(element) is null ? 0 : 1;
            return Of(element, context, elementNullability).Array[least, 4].Select(items => (object?)ToArray(element, items));
        }
        if (type.Namespace!.StartsWith("LlamaHost.", StringComparison.Ordinal))
            return Instance(type, context);
        throw new NotSupportedException($"The contract uses {type}: say here how to make values of it.");
    }

    private static Gen<object?> Instance(Type type, NullabilityInfoContext context)
    {
        ConstructorInfo? constructor = type.GetConstructors().Where(one => one.GetParameters() is not [var only] || only.ParameterType != type)
            .MaxBy(one => one.GetParameters().Length);
        ParameterInfo[] parameters = constructor?.GetParameters() ?? [];
        PropertyInfo[] properties = [.. Properties(type)
            .Where(property => property.SetMethod is not null && parameters.All(one => one.Name != property.Name))];
        Gen<object?>[] gens =
        [
            .. parameters.Select(one => Of(one.ParameterType, context, context.Create(one))),
            .. properties.Select(property => Of(property.PropertyType, context, context.Create(property))),
        ];
        Gen<object?[]> all = gens.Aggregate(
            Gen.Const(Array.Empty<object?>()), (some, next) => some.SelectMany(values => next.Select(value => (object?[])[.. values, value])));
        return all.Select(values =>
        {
            object? instance = constructor is null ? Activator.CreateInstance(type) : constructor.Invoke(values[..parameters.Length]);
            foreach ((PropertyInfo property, object? value) in properties.Zip(values[parameters.Length..]))
                property.SetValue(instance, value);
            return instance;
        });
    }

    /// <summary>The first place where the two differ, or null.</summary>
    public static string? Difference(object? expected, object? actual, string path = "value")
    {
        if (expected is null || actual is null)
            return ReferenceEquals(expected, actual) ? null : $"{path}: {expected ?? "null"} became {actual ?? "null"}";
        if (expected is not string && expected is IEnumerable expectedItems)
        {
            object?[] left = [.. expectedItems.Cast<object?>()], right = [.. ((IEnumerable)actual).Cast<object?>()];
            return left.Length != right.Length
                ? $"{path}: {left.Length} items became {right.Length}"
                : left.Zip(right).Select((pair, index) => Difference(pair.First, pair.Second, $"{path}[{index}]")).FirstOrDefault(
                    found => found is not null);
        }
        Type type = expected.GetType();
        if (type != typeof(GpuLayers) && type.Namespace!.StartsWith("LlamaHost.", StringComparison.Ordinal) && !type.IsEnum)
            return Properties(type).Select(one => Difference(one.GetValue(expected), one.GetValue(actual), $"{path}.{one.Name}")).FirstOrDefault(
                found => found is not null);
        return expected.Equals(actual) ? null : $"{path}: {expected} became {actual}";
    }

    private static PropertyInfo[] Properties(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0)];

    private static Type? ElementOf(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0]
        : null;

    private static Array ToArray(Type element, object?[] items)
    {
        var array = Array.CreateInstance(element, items.Length);
        for (int i = 0; i < items.Length; i++)
            array.SetValue(items[i], i);
        return array;
    }
}
