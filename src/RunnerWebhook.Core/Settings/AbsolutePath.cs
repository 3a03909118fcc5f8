namespace RunnerWebhook.Core.Settings;

/// <summary>The rule for paths in a container.</summary>
internal static class AbsolutePath
{
    /// <summary>What <see cref="IsValid"/> allows, for messages.</summary>
    public const string Rule = "an absolute path without ':' and without '..'";

    /// <summary>Whether Kubernetes mounts at the path.</summary>
    public static bool IsValid(string text) => text.Length > 1 && text[0] == '/'
        && !text.Contains(':', StringComparison.Ordinal) && !text.Split('/').Contains("..");
}
