using System.Collections.Immutable;
using System.Globalization;
using RunnerWebhook.Core;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Manifests;

/// <summary>Runs the engine over the objects of a file and edits the file's text by the patches.</summary>
internal static class ManifestEditor
{
    /// <summary>Injects every labelled object.</summary>
    public static ManifestResult Inject(ManifestSource source, Injector injector) => Edit(source, injector.Inject);

    /// <summary>Gives every object back that an injection changed.</summary>
    public static ManifestResult Uninject(ManifestSource source) => Edit(source, Injector.Remove);

    private static ManifestResult Edit(ManifestSource source, Func<Workload, InjectionOutcome> decide)
    {
        if (YamlFile.Parse(source.Text, out var errors) is not { } file)
        {
            return new(source, null, null, [], [.. errors.Select(error => At(source, error))]);
        }

        var objects = ManifestObject.In(file).Select(item => (item, Decide(item, decide))).ToImmutableArray();
        var patches = objects.Where(item => !item.Item2.Patch.IsEmpty)
            .GroupBy(item => item.item.DocumentIndex)
            .ToDictionary(document => document.Key, document => document
                .SelectMany(item => ManifestResult.PatchOf(item.item, item.Item2)).ToImmutableArray());
        if (patches.Count == 0)
        {
            return new(source, file, source.Text, objects, []);
        }

        var text = file.Splice(patches, out var error);
        return new(source, file, text, objects, error is null ? [] : [At(source, error)]);
    }

    private static InjectionOutcome Decide(ManifestObject item, Func<Workload, InjectionOutcome> decide)
    {
        if (item.Kind is not { } kind)
        {
            return new(OutcomeCode.LeftAloneUnsupportedKind, $"{item.DisplayName}: left alone: it holds no pod template");
        }

        if (WorkloadReader.Read(item.Json, kind, "", out var problems) is { } workload)
        {
            return decide(workload);
        }

        return WorkloadReader.AsksForRunner(item.Json, kind)
            ? AdmissionReviewer.Malformed(item.DisplayName, problems)
            : new(OutcomeCode.LeftAloneNotLabelled, $"{item.DisplayName}: left alone: it {Injector.NotLabelled}");
    }

    private static string At(ManifestSource source, YamlError error) =>
        string.Create(CultureInfo.InvariantCulture, $"{source.Name}:{error.Line}:{error.Column}: {error.Message}");
}
