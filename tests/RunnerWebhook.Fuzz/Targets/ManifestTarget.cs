using System.Text;
using RunnerWebhook.Manifests;

namespace RunnerWebhook.Fuzz.Targets;

internal static class ManifestTarget
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static void Check(byte[] input)
    {
        string text;
        try
        {
            text = Strict.GetString(input);
        }
        catch (DecoderFallbackException)
        {
            return;
        }

        var injector = Engines.All[Engines.IndexFor(input)];
        ManifestResult Inject(string manifest)
        {
            var source = new ManifestSource("-", manifest);
            return ManifestEditor.Inject(source, injector, NamespaceManifests.In([source], injector.Configuration));
        }

        var injected = Inject(text);
        Promise.Holds(injected.Text is null == !injected.Errors.IsEmpty, $"no text, and no error: {text}");
        // A record that is damaged is replaced for good.
        if (injected.Text is null || text.Contains("status", StringComparison.Ordinal))
        {
            return;
        }

        Promise.Holds(injected.Objects.Any(item => !item.Outcome.Patch.IsEmpty) || injected.Text == text,
            $"changed without a patch");
        var twice = Inject(injected.Text);
        Promise.Holds(twice.Text == injected.Text,
            $"a second injection changes\n{injected.Text}\nto\n{twice.Text}{twice.Errors.FirstOrDefault()}");
        if (injected.Objects.Any(item => Engines.Read(item.Object.Json) is { } read && EngineTarget.MountsWhatItLacks(read)))
        {
            return;
        }

        var back = ManifestEditor.Uninject(new("-", injected.Text));
        Promise.Holds(back.Text == text, $"not given back:\n{back.Text}{back.Errors.FirstOrDefault()}\nof\n{injected.Text}");
    }
}
