using System.Globalization;
using RunnerWebhook.Fuzz;

const int MaxKept = 2048;

FuzzTarget Target() => FuzzTarget.Find(args.ElementAtOrDefault(1) ?? "")
    ?? throw new ArgumentException($"the target is one of {string.Join(", ", FuzzTarget.All.Select(target => target.Name))}");

switch (args.FirstOrDefault())
{
    // In-process, for some seconds. FOLDER keeps what is found.
    case "run":
        return new FuzzLoop(Target(), args[3]).Run(int.Parse(args[2], CultureInfo.InvariantCulture)) == 0 ? 0 : 1;
    // As a child of afl-fuzz.
    case "afl":
        var target = Target();
        SharpFuzz.Fuzzer.OutOfProcess.Run(stream =>
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            target.Check(copy.ToArray());
        });
        return 0;
    // One input, from a file.
    case "one":
        _ = new CoverageMap();
        Target().Check(File.ReadAllBytes(args[2]));
        return 0;
    // One input that breaks a promise, made shorter; written to standard output.
    case "shrink":
        _ = new CoverageMap();
        using (var output = Console.OpenStandardOutput())
        {
            output.Write(Shrinker.Shrink(Target(), File.ReadAllBytes(args[2])));
        }

        return 0;
    // What afl-fuzz found: its crashes are run for their reports.
    case "collect":
        return new FuzzLoop(Target(), args[3]).Collect(args[2]) == 0 ? 0 : 1;
    case "minimize":
        new FuzzLoop(Target(), args[2]).Minimize(MaxKept);
        return 0;
    // The corpus as files, for afl-fuzz.
    case "seeds":
        foreach (var (index, input) in Corpus.Of(Target()).Index())
        {
            File.WriteAllBytes(Path.Combine(args[2], string.Create(CultureInfo.InvariantCulture, $"{index:0000}")), input);
        }

        return 0;
    case "words":
        Console.WriteLine(string.Join('\n', Words.Dictionary()));
        return 0;
    case "targets":
        Console.WriteLine(string.Join('\n', FuzzTarget.All.Select(each => each.Name)));
        return 0;
    // Makes an assembly count its branches.
    case "instrument":
        foreach (var assembly in args[1..])
        {
            SharpFuzz.Fuzzer.Instrument(assembly, type => type.StartsWith("RunnerWebhook", StringComparison.Ordinal),
                SharpFuzz.Options.Value);
        }

        return 0;
    default:
        Console.Error.WriteLine("run TARGET SECONDS FOLDER | afl TARGET | one TARGET FILE | shrink TARGET FILE | "
            + "collect TARGET AFL-FOLDER FOLDER | minimize TARGET FOLDER | seeds TARGET FOLDER | words | targets | instrument ASSEMBLY…");
        return 2;
}
