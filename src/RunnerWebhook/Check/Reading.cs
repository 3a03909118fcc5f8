using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Check;

/// <summary>What came of reading something from the cluster.</summary>
/// <param name="Value">What was read; null where there is no such thing.</param>
/// <param name="Problem">Why it could not be read, as a clause; null where it could.</param>
internal sealed record Reading<T>(T? Value, string? Problem = null)
{
    /// <summary>What nobody has tried to read.</summary>
    public static Reading<T> None { get; } = new(default, "nothing else was read");

    /// <summary>Whether it was read.</summary>
    public bool IsKnown => Problem is null;

    /// <summary>Reads.</summary>
    /// <param name="right">The right that it takes, as in <c>get pods in namespace a</c>.</param>
    /// <param name="read">Does it.</param>
    public static async Task<Reading<T>> Of(string right, Func<Task<T?>> read)
    {
        try
        {
            return new(await read());
        }
        catch (ApiException e)
        {
            return new(default, e.Problem == ApiProblem.Forbidden ? $"it needs the right to {right}" : e.Message);
        }
    }

    /// <summary>The same, looked at more closely.</summary>
    public Reading<TNext> Then<TNext>(Func<T?, TNext?> look) => IsKnown ? new(look(Value)) : new(default, Problem);
}
