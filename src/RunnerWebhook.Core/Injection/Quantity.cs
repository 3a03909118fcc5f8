using System.Collections.Frozen;
using System.Globalization;

namespace RunnerWebhook.Core.Injection;

/// <summary>Kubernetes' resource quantities (source: <c>k8s.io/apimachinery/pkg/api/resource</c>).</summary>
internal static class Quantity
{
    private static readonly FrozenDictionary<string, decimal> Factors = new Dictionary<string, decimal>
    {
        [""] = 1m,
        ["n"] = 1e-9m,
        ["u"] = 1e-6m,
        ["m"] = 1e-3m,
        ["k"] = 1e3m,
        ["M"] = 1e6m,
        ["G"] = 1e9m,
        ["T"] = 1e12m,
        ["P"] = 1e15m,
        ["E"] = 1e18m,
        ["Ki"] = 1L << 10,
        ["Mi"] = 1L << 20,
        ["Gi"] = 1L << 30,
        ["Ti"] = 1L << 40,
        ["Pi"] = 1L << 50,
        ["Ei"] = 1L << 60,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>One text for equal quantities, as a plain decimal number; the text itself if it is no quantity or
    /// too large to matter.</summary>
    public static string Canonical(string text)
    {
        var number = text.TrimEnd("numkMGTPEi".ToCharArray());
        return Factors.TryGetValue(text[number.Length..], out var factor)
            && decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && Math.Abs(value) < 1e9m
                ? (value * factor).ToString("0.#########", CultureInfo.InvariantCulture)
                : text;
    }
}
