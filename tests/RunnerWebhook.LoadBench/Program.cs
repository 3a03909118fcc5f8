using System.Globalization;
using RunnerWebhook.LoadBench;

// floor PORT CERTIFICATE KEY | run WEBHOOK GO-FLOOR|- CONFIGURATION REVIEWS SECONDS ROUNDS: ./dev bench calls it.
switch (args)
{
    case ["floor", var port, var certificate, var key]:
        await KestrelFloor.Run(port, certificate, key);
        return 0;
    case ["run", var webhook, var go, var config, var reviews, var seconds, var rounds]:
        await new Comparison(webhook, go == "-" ? null : go, config, reviews,
            int.Parse(seconds, CultureInfo.InvariantCulture), int.Parse(rounds, CultureInfo.InvariantCulture)).Run();
        return 0;
    default:
        Console.Error.WriteLine("use ./dev bench");
        return 2;
}
