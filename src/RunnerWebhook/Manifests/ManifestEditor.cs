using System.Collections.Immutable;
using System.Globalization;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Explaining;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Manifests;

/// <summary>Runs the engine over the objects of a file and edits the file's text by the patches.</summary>
internal static class ManifestEditor
{
    /// <summary>Injects every labelled object.</summary>
    public static ManifestResult Inject(ManifestSource source, Injector injector, NamespaceManifests namespaces) =>
        Edit(source, workload => injector.Inject(namespaces.AddTo(workload)));

    /// <summary>Explains what comes of each object that has a pod template, or asks for a runner; null if the file can't be
    /// read.</summary>
    public static IEnumerable<(ManifestObject Object, Explanation Explanation)>? Explain(
        ManifestSource source, Injector injector, NamespaceManifests namespaces, out ImmutableArray<string> problems)
    {
        var file = YamlFile.Parse(source.Text, out var errors, lastKeyWins: true);
        problems = [.. errors.Select(error => At(source, error))];
        return file is null ? null : ManifestObject.In(file)
            .Where(item => item.Kind is not null || RunnerLabel.Unanswered(item) is not null)
            .Select(item => (item, Explain(item, injector, namespaces)));
    }

    /// <summary>Gives every object back that an injection changed.</summary>
    public static ManifestResult Uninject(ManifestSource source) => Edit(source, workload => Injector.Remove(workload));

    private static ManifestResult Edit(ManifestSource source, Func<Workload, InjectionOutcome> decide)
    {
        if (YamlFile.Parse(source.Text, out var errors, lastKeyWins: true) is not { } file)
        {
            return new(source, null, null, [], [.. errors.Select(error => At(source, error))]);
        }

        var objects = ManifestObject.In(file).Select(item => (item, Decide(item, decide))).ToImmutableArray();
        var notes = file.Notes.Select(note => At(source, note)).ToImmutableArray();
        var patches = objects.Where(item => !item.Item2.Patch.IsEmpty)
            .GroupBy(item => item.item.DocumentIndex)
            .ToDictionary(document => document.Key, document => document
                .SelectMany(item => ManifestResult.PatchOf(item.item, item.Item2)).ToImmutableArray());
        if (patches.Count == 0)
        {
            return new(source, file, source.Text, objects, []) { Notes = notes };
        }

        var text = file.Splice(patches, out var error);
        return new(source, file, text, objects, error is null ? [] : [At(source, error)]) { Notes = notes };
    }

    private static InjectionOutcome Decide(ManifestObject item, Func<Workload, InjectionOutcome> decide) =>
        Read(item, out var refusal) is { } workload ? decide(workload) : refusal!;

    private static Explanation Explain(ManifestObject item, Injector injector, NamespaceManifests namespaces)
    {
        if (Read(item, out var refusal) is not { } workload)
        {
            return Explainer.Explain(refusal!);
        }

        // A label that is wrong is not only missing.
        var explanation = Explainer.Explain(namespaces.AddTo(workload), injector);
        return explanation.Outcome.Code == OutcomeCode.LeftAloneNotLabelled && RunnerLabel.Unanswered(item) is { } label
            ? explanation with
            {
                Gates = [.. explanation.Gates.Select(gate => gate.Passed == false ? gate with { Detail = label.Problem } : gate)],
            }
            : explanation;
    }

    private static Workload? Read(ManifestObject item, out InjectionOutcome? refusal)
    {
        refusal = null;
        if (item.Kind is not { } kind)
        {
            var reason = RunnerLabel.Unanswered(item)?.Problem ?? "it has no pod template";
            refusal = new(OutcomeCode.LeftAloneUnsupportedKind, $"{item.DisplayName}: left alone: {reason}");
            return null;
        }

        if (WorkloadReader.Read(item.Json, kind, "", out var problems) is { } workload)
        {
            return workload;
        }

        refusal = WorkloadReader.AsksForRunner(item.Json, kind)
            ? AdmissionReviewer.Malformed(item.DisplayName, problems)
            : new(OutcomeCode.LeftAloneNotLabelled, $"{item.DisplayName}: left alone: it {Injector.NotLabelled}");
        return null;
    }

    private static string At(ManifestSource source, YamlError error) =>
        string.Create(CultureInfo.InvariantCulture, $"{source.Name}:{error.Line}:{error.Column}: {error.Message}");
}
