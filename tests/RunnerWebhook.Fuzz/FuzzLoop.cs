using System.Diagnostics;
using System.Globalization;

namespace RunnerWebhook.Fuzz;

/// <summary>Fuzzes a target in this process. Inputs that take a new branch are kept and changed further.</summary>
internal sealed class FuzzLoop
{
    /// <summary>The longest that one input may take, in processor time.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    // An input that takes this processor time, or that long without any, is taken for one that never ends.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Standstill = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Reporting = TimeSpan.FromSeconds(30);

    private readonly FuzzTarget _target;
    private readonly string _folder;
    private readonly CoverageMap _map = new();
    private readonly List<byte[]> _known = [];
    private readonly List<long> _costs = [];
    private readonly Findings _findings;
    private long _inputs;
    private byte[] _current = [];
    private long _began;
    private (byte[]? Input, TimeSpan Since) _watched;

    /// <param name="target">What is fuzzed.</param>
    /// <param name="folder">Where findings, figures and the inputs found go.</param>
    public FuzzLoop(FuzzTarget target, string folder)
    {
        (_target, _folder) = (target, folder);
        _findings = new(target, Path.Combine(folder, "findings"));
        Directory.CreateDirectory(folder);
    }

    private string Found => Path.Combine(_folder, _target.Name + ".jsonl");

    /// <summary>Runs for some seconds.</summary>
    /// <returns>The number of findings.</returns>
    public int Run(int seconds)
    {
        using var watchdog = new Timer(_ => Watch(), null, Hang, TimeSpan.FromSeconds(1));
        // Of inputs that take the same branches the shortest is kept.
        foreach (var input in Corpus.Of(_target).Concat(Corpus.Read(Found)).Append([]).OrderBy(input => input.Length))
        {
            Try(input);
        }

        Console.WriteLine($"{_target.Name}: {_known.Count} inputs, "
            + (_map.IsAlive ? "guided by the branches they take" : "without guidance: the assemblies are not instrumented"));
        var mutator = new Mutator(Environment.TickCount);
        var clock = Stopwatch.StartNew();
        for (var next = Reporting; clock.Elapsed < TimeSpan.FromSeconds(seconds);)
        {
            Try(mutator.Next(_known, _costs));
            if (clock.Elapsed > next)
            {
                next += Reporting;
                Report(clock.Elapsed);
            }
        }

        Report(clock.Elapsed);
        Corpus.Write(Found, _known);
        File.AppendAllText(Path.Combine(_folder, "figures.txt"), string.Create(CultureInfo.InvariantCulture,
            $"{_target.Name} {_inputs} inputs {clock.Elapsed.TotalSeconds:0} s {_findings.Count} findings\n"));
        return _findings.Count;
    }

    /// <summary>Writes the smallest inputs that take all known branches to the repository.</summary>
    public void Minimize(int maxLength)
    {
        var kept = new List<byte[]>();
        foreach (var input in Corpus.Of(_target).Concat(Corpus.Read(Found)).DistinctBy(Convert.ToBase64String)
            .OrderBy(input => input.Length).Where(input => input.Length <= maxLength))
        {
            // The first time some branches only prepare things.
            Check(input);
            _map.Clear();
            Check(input);
            if (_map.Note(byCount: false))
            {
                kept.Add(input);
            }
        }

        Corpus.Write(Corpus.FileOf(_target), kept);
        Console.WriteLine($"{_target.Name}: {kept.Count} inputs, {_map.Branches} branches");
    }

    /// <summary>Takes over what afl-fuzz has found.</summary>
    /// <param name="folder">Its folder for one fuzzer, with <c>queue</c> and <c>crashes</c>.</param>
    /// <returns>The number of findings.</returns>
    public int Collect(string folder)
    {
        foreach (var input in new[] { "queue", "crashes", "hangs" }.Select(name => Path.Combine(folder, name))
            .Where(Directory.Exists).SelectMany(Directory.EnumerateFiles).Where(file => !file.EndsWith(".txt", StringComparison.Ordinal))
            .Select(File.ReadAllBytes).Concat(Corpus.Read(Found)))
        {
            Try(input);
        }

        Corpus.Write(Found, _known);
        return _findings.Count;
    }

    private void Try(byte[] input)
    {
        _current = input;
        Volatile.Write(ref _began, Stopwatch.GetTimestamp());
        _map.Clear();
        Check(input);
        var cost = Stopwatch.GetTimestamp() - _began;
        _inputs++;
        if (_map.Note() || _known.Count == 0)
        {
            _known.Add(input);
            _costs.Add(cost);
        }

        if (Stopwatch.GetElapsedTime(_began) > MaxTime && ProcessorTime(input) > MaxTime)
        {
            _findings.Add(input, $"takes {ProcessorTime(input)}");
        }
    }

    private void Check(byte[] input)
    {
        try
        {
            _target.Check(input);
        }
#pragma warning disable CA1031 // Every exception is a finding.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _findings.Add(input, e.ToString());
        }
    }

    private TimeSpan ProcessorTime(byte[] input)
    {
        var before = Environment.CpuUsage.TotalTime;
        Check(input);
        return Environment.CpuUsage.TotalTime - before;
    }

    private void Watch()
    {
        var (current, used) = (_current, Environment.CpuUsage.TotalTime);
        if (!ReferenceEquals(current, _watched.Input))
        {
            _watched = (current, used);
        }
        else if (used - _watched.Since > Hang || Stopwatch.GetElapsedTime(Volatile.Read(ref _began)) > Standstill)
        {
            _findings.Add(current, $"takes more than {Hang}");
            Environment.Exit(1);
        }
    }

    private void Report(TimeSpan elapsed) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{_target.Name}: {_inputs} inputs in {elapsed.TotalSeconds:0} s ({_inputs / elapsed.TotalSeconds:0}/s), "
        + $"{_map.Branches} branches, {_known.Count} kept, {_findings.Count} findings"));
}
