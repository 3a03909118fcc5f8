using System.Text;

namespace RunnerWebhook.Check;

/// <summary>Texts as the API server stores them in Secrets and in <c>caBundle</c>.</summary>
internal static class Base64Text
{
    /// <summary>The text; empty if it is not Base64.</summary>
    public static string Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
    }
}
