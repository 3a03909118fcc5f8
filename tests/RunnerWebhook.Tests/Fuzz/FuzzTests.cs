using RunnerWebhook.Fuzz;
using Xunit;

namespace RunnerWebhook.Tests.Fuzz;

/// <summary>The short run of what <c>./dev fuzz</c> does for hours: the corpus, and a fixed number of inputs made of it.</summary>
public sealed class FuzzTests
{
    private const int Seed = 20261127;
    private const int Inputs = 200;
    private const int MaxLength = 2048;

    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Corpus_OfTarget_BreaksNoPromise(string name)
    {
        var target = FuzzTarget.Find(name)!;

        Assert.All(Corpus.Of(target), target.Check);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Mutations_WithFixedSeed_BreakNoPromise(string name)
    {
        var (target, mutator) = (FuzzTarget.Find(name)!, new Mutator(Seed));
        var known = Corpus.Of(target);

        Assert.All(Enumerable.Range(0, Inputs).Select(_ => mutator.Next(known)), target.Check);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Corpus_OfTarget_IsSmallAndDistinct(string name)
    {
        var inputs = Corpus.Of(FuzzTarget.Find(name)!);

        Assert.NotEmpty(inputs);
        Assert.All(inputs, input => Assert.InRange(input.Length, 0, MaxLength));
        Assert.Equal(inputs.Count, inputs.DistinctBy(Convert.ToBase64String).Count());
    }

    [Fact]
    public void Mutator_SameSeed_MakesTheSameInputs()
    {
        byte[][] known = [[1, 2, 3], [4]];
        var (first, second) = (new Mutator(Seed), new Mutator(Seed));

        Assert.All(Enumerable.Range(0, Inputs), _ => Assert.Equal(first.Next(known), second.Next(known)));
    }
}
