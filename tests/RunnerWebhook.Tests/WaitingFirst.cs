using RunnerWebhook.Tests.Registration;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestCollectionOrderer(typeof(RunnerWebhook.Tests.WaitingFirst))]

namespace RunnerWebhook.Tests;

/// <summary>The tests of the scripts that run in pods wait for processes more than they compute. They begin first, the longest before
/// the others, and the tests that compute fill the gaps. As long as the stand-in is being published they come last.</summary>
internal sealed class WaitingFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
    {
        var others = testCollections.Where(collection => !IsOf(collection, typeof(GuardTests).Namespace!)).ToArray();
        TTestCollection[] waiting = [.. testCollections.Except(others).OrderBy(collection =>
            IsOf(collection, typeof(GuardSequenceTests).FullName!) ? 0 : IsOf(collection, typeof(StopTests).FullName!) ? 1 : 2)];
        if (waiting.Length == 0 || PublishedProgram.IsStandInPublished)
        {
            return [.. waiting, .. others];
        }

        _ = Task.Run(() => PublishedProgram.StandIn);
        return [.. others, .. waiting];
    }

    // A class without a collection has one of its name.
    private static bool IsOf(ITestCollection collection, string name) =>
        collection.TestCollectionDisplayName.Contains($" {name}", StringComparison.Ordinal);
}
