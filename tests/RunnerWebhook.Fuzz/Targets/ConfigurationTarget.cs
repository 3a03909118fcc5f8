using System.Text.Json;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Fuzz.Targets;

internal static class ConfigurationTarget
{
    private const int MaxMistakes = 101;

    private static readonly JsonElement Pod = JsonElement.Parse(
        """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"runner","namespace":"team-a","labels":{"gitlab-runner":"inject"}},
         "spec":{"containers":[{"name":"gitlab-runner","image":"gitlab/gitlab-runner:v17.5.0"}]}}
        """);

    public static void Check(byte[] input)
    {
        var read = ConfigurationFile.Parse(input);
        Promise.Holds(read.Configuration is null == !read.Mistakes.IsEmpty, $"{read.Mistakes.Length} mistakes, and a configuration");
        Promise.Holds(read.Mistakes.SequenceEqual(ConfigurationFile.Parse(input).Mistakes), $"other mistakes the second time");
        Promise.Holds(read.Mistakes.Length <= MaxMistakes, $"{read.Mistakes.Length} mistakes");
        foreach (var mistake in read.Mistakes)
        {
            Promise.Holds(mistake is { Line: > 0, Column: > 0, Problem.Length: > 0 }, $"no place, or no problem: {mistake}");
            Promise.Holds(!mistake.In("f").Contains('\n', StringComparison.Ordinal), $"not one line: {mistake}");
        }

        if (read.Configuration is { } configuration)
        {
            Check(configuration);
        }
    }

    private static void Check(RunnerConfiguration configuration)
    {
        foreach (var advice in ConfigurationAdvice.Of(configuration))
        {
            Promise.Holds(advice.Problem.Length > 0, $"no advice at {advice.Path}");
        }

        foreach (var profile in configuration.Profiles.Values)
        {
            Promise.Holds(ConfigurationWriter.Revision(profile) == ConfigurationWriter.Revision(profile), $"two revisions");
            Promise.Holds(ConfigurationWriter.Show(profile).All(setting => setting.Path.Length > 0), $"a setting without a path");
        }

        var injector = new Injector(configuration, "1.2.3");
        EngineTarget.CheckCreate(injector, Engines.Read(Pod)!, Pod);
    }
}
