using System.Collections.Immutable;
using RunnerWebhook.Fuzz.Targets;

namespace RunnerWebhook.Fuzz;

/// <summary>A part of the product that takes input from outside, with the promises it keeps.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Input">What the input is.</param>
/// <param name="Promises">What is checked.</param>
/// <param name="Check">Throws for an input that breaks a promise.</param>
public sealed record FuzzTarget(string Name, string Input, string Promises, Action<byte[]> Check)
{
    /// <summary>The longest input, in bytes: longer ones find little more and take their time.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>All targets.</summary>
    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        new("json", "a JSON text", "both readers agree; what is read is written back with the same meaning; pointers and "
            + "status records survive a round trip", JsonTarget.Check),
        new("review", "the body of a request", "an answer that repeats the uid, the same each time and from the memory; its "
            + "patch applies by two other libraries; the patched object gets no second patch", ReviewTarget.Check),
        new("engine", "an object as JSON; the stored one in a second line", "only additions; injected once is injected for "
            + "good; removal gives the object back; an update without a change gets no patch", EngineTarget.Check),
        new("objects", "choices of a generator of valid Pods and DaemonSets", "the laws of the engine, byte for byte; a "
            + "DaemonSet's patch is its Pod's; a stricter policy allows no more; no sentence shows a token", ObjectTarget.Check),
        new("manifest", "a YAML or JSON file", "inject twice is inject; uninject gives the file back byte for byte",
            ManifestTarget.Check),
        new("splice", "choices of a patch in the first line, then YAML", "the result reads as the patched value, holds the "
            + "whole old text, leaves other documents alone, and is undone by the inverse", SpliceTarget.Check),
        new("configuration", "a configuration file", "a configuration or mistakes with their places; the same each time; what "
            + "is accepted can be shown and injects", ConfigurationTarget.Check),
        new("command", "a shell script, or a command as a JSON list", "read in bounded time; a command before it changes "
            + "nothing; a list reads as the same words quoted for a shell", CommandTarget.Check),
    ];

    /// <summary>The target of a name; null if there is none.</summary>
    public static FuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
