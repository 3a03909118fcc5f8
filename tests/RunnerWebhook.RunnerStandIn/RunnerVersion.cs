namespace RunnerWebhook.RunnerStandIn;

/// <summary>The version that this is to be taken for: $STANDIN_VERSION, by default 19.3.0.</summary>
internal static class RunnerVersion
{
    private static readonly Version Current =
        Version.Parse(Environment.GetEnvironmentVariable("STANDIN_VERSION") is { Length: > 0 } text ? text : "19.3.0");

    public static bool IsAtLeast(int major, int minor) => Current >= new Version(major, minor);

    public static bool IsAtLeast(string release) => Current >= Version.Parse(release);

    public static int Print()
    {
        Console.WriteLine($"Version:      {Current}\nGit revision: stand-in");
        return 0;
    }

    public static string Text => Current.ToString();
}
