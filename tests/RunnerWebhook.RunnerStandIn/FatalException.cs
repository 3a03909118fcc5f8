namespace RunnerWebhook.RunnerStandIn;

/// <summary>Ends the program with a logged message.</summary>
internal class FatalException(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>Whether it is logged as a panic, as the checks of <c>register</c> are.</summary>
    public bool IsPanic { get; init; }

    /// <summary>The error behind it, which is logged as a field; empty for none.</summary>
    public string Error { get; init; } = "";

    public void Write()
    {
        if (IsPanic)
        {
            Log.Panic(Message);
        }
        else if (Error.Length > 0)
        {
            Log.Fatal(Message, ("error", Error));
        }
        else
        {
            Log.Fatal(Message);
        }
    }
}
