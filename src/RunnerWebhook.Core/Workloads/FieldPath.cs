using System.Text;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Workloads;

/// <summary>Field paths as Kubernetes prints them: <c>spec.containers[0].name</c>.</summary>
public static class FieldPath
{
    /// <summary>The path of a place in an object; the root is "the object".</summary>
    public static string Of(JsonPointer pointer)
    {
        var path = new StringBuilder();
        foreach (var token in pointer.Tokens)
        {
            if (token == "-" || (token.Length > 0 && token.All(char.IsAsciiDigit)))
            {
                path.Append('[').Append(token).Append(']');
            }
            else if (token.AsSpan().ContainsAnyExcept(PlainName))
            {
                path.Append('[').Append('"').Append(token).Append('"').Append(']');
            }
            else
            {
                path.Append(path.Length > 0 ? "." : "").Append(token);
            }
        }

        return path.Length > 0 ? path.ToString() : "the object";
    }

    private static readonly System.Buffers.SearchValues<char> PlainName = System.Buffers.SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
}
