using System.Diagnostics.CodeAnalysis;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Check;

/// <summary>The result of reading something from the cluster: it was found, it does not exist, or it could not be
/// read.</summary>
internal abstract record Reading<T>
{
    private Reading()
    {
    }

    /// <summary>What could not be read, or was not needed.</summary>
    public static Reading<T> Untried { get; } = new Unread("nothing else was read");

    /// <summary>Why it could not be read, as a clause; null if it could.</summary>
    public string? Problem => (this as Unread)?.Why;

    /// <summary>Whether it was looked for and does not exist.</summary>
    public bool IsMissing => this is Missing;

    /// <summary>Whether it was found.</summary>
    public bool Has([MaybeNullWhen(false)] out T value)
    {
        (value, var has) = this is Found found ? (found.Value, true) : (default(T), false);
        return has;
    }

    /// <summary>What was found, or else something instead.</summary>
    public T Or(T otherwise) => Has(out var value) ? value : otherwise;

    /// <summary>The same, converted.</summary>
    public Reading<TNext> Then<TNext>(Func<T, Reading<TNext>> convert) => this switch
    {
        Found found => convert(found.Value),
        Missing => new Reading<TNext>.Missing(),
        _ => new Reading<TNext>.Unread(Problem!),
    };

    /// <summary>It was found.</summary>
    /// <param name="Value">What was read.</param>
    public sealed record Found(T Value) : Reading<T>;

    /// <summary>It does not exist.</summary>
    public sealed record Missing : Reading<T>;

    /// <summary>It could not be read.</summary>
    /// <param name="Why">Why, as a clause.</param>
    public sealed record Unread(string Why) : Reading<T>;
}

/// <summary>Makes readings.</summary>
internal static class Reading
{
    /// <summary>It was found.</summary>
    public static Reading<T> Found<T>(T value) => new Reading<T>.Found(value);

    /// <summary>Reads; an object of a kind that this API server does not have is missing.</summary>
    /// <param name="right">The right that it takes, as in <c>get pods in namespace a</c>.</param>
    /// <param name="read">Reads it.</param>
    public static Task<Reading<T>> Of<T>(string right, Func<Task<T>> read) =>
        Of<T>(right, async () => new Reading<T>.Found(await read()));

    /// <summary>Reads one object, which may be missing.</summary>
    /// <param name="right">The right that it takes, as in <c>get pods/x in namespace a</c>.</param>
    /// <param name="read">Reads it; null if it does not exist.</param>
    public static Task<Reading<T>> OfOne<T>(string right, Func<Task<T?>> read) where T : struct =>
        Of<T>(right, async () => await read() is { } value ? new Reading<T>.Found(value) : new Reading<T>.Missing());

    private static async Task<Reading<T>> Of<T>(string right, Func<Task<Reading<T>>> read)
    {
        try
        {
            return await read();
        }
        catch (ApiException e)
        {
            return e.Problem switch
            {
                ApiProblem.NotFound => new Reading<T>.Missing(),
                ApiProblem.Forbidden => new Reading<T>.Unread($"it needs the right to {right}"),
                _ => new Reading<T>.Unread(e.Message),
            };
        }
    }
}
