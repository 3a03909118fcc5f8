namespace RunnerWebhook.Fuzz.Objects;

/// <summary>Choices by the bytes of an input. Missing bytes choose the first, so that shorter inputs make plainer things.</summary>
internal sealed class Choices(byte[] bytes)
{
    private int _at;

    /// <summary>A number below a bound.</summary>
    public int Next(int count) => _at < bytes.Length ? bytes[_at++] % count : 0;

    /// <summary>True once in some times.</summary>
    public bool OneIn(int times) => Next(times) == times - 1;

    /// <summary>One of some values.</summary>
    public T Of<T>(IReadOnlyList<T> values) => values[Next(values.Count)];
}
