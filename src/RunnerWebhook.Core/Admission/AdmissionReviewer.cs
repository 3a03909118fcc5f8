using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Admission;

/// <summary>Decides on an AdmissionRequest: which rule applies to the operation, and whether the object is ours.</summary>
public static class AdmissionReviewer
{
    /// <summary>What is to be done with the request's object.</summary>
    /// <param name="request">The request.</param>
    /// <param name="injector">The engine.</param>
    /// <param name="metadata">What is known of the request's namespace; null if nothing is known.</param>
    public static InjectionOutcome Review(AdmissionRequest request, Injector injector, NamespaceMetadata? metadata)
    {
        var name = $"{request.Kind} {request.Namespace}/{request.Name}";
        if (WorkloadKind.Find(request.ApiVersion, request.Kind) is not { AdmittedOn.Length: > 0 } kind)
        {
            return new(OutcomeCode.LeftAloneUnsupportedKind, $"{name}: left alone: the webhook injects Pods and DaemonSets; "
                + $"put the label {WellKnown.InjectLabel}: {WellKnown.InjectValue} on the pod template");
        }

        if (request.SubResource.Length > 0 || !kind.AdmittedOn.Contains(request.Operation) || request.Object is not { } json)
        {
            return new(OutcomeCode.LeftAloneUnsupportedOperation, $"{name}: left alone: a {kind.Kind} is injected on "
                + $"{string.Join(" and ", kind.AdmittedOn)} only, and never through a subresource");
        }

        return Decide(request, json, kind, injector, metadata);
    }

    private static InjectionOutcome Decide(
        AdmissionRequest request, JsonElement json, WorkloadKind kind, Injector injector, NamespaceMetadata? metadata)
    {
        var workload = WorkloadReader.Read(json, kind, request.Namespace, out var problems);
        if (workload is null)
        {
            return Malformed(WorkloadReader.NameOf(json, kind.Kind, request.Namespace), problems);
        }

        workload = workload with { NamespaceMetadata = metadata };
        var old = request.Operation == "UPDATE" && request.OldObject is { } oldJson
            ? WorkloadReader.Read(oldJson, kind, request.Namespace, out _)
            : null;
        return Decide(workload, old, injector);
    }

    /// <summary>The refusal of an object whose fields have the wrong shape.</summary>
    public static InjectionOutcome Malformed(string name, ImmutableArray<FieldProblem> problems) =>
        new(OutcomeCode.DeniedMalformed, $"{name}: {string.Join("; ", problems.Take(3))}");

    private static InjectionOutcome Decide(Workload workload, Workload? old, Injector injector)
    {
        // The API server selects by the object's own label, on the old and on the new object.
        if (!workload.IsLabelled)
        {
            return old is { IsLabelled: true }
                ? Injector.Remove(workload, old)
                : Injector.Alone(OutcomeCode.LeftAloneNotLabelled, workload, Injector.NotLabelled);
        }

        // Skipped objects do not need namespace metadata.
        if (injector.Configuration.WatchNamespaces && !injector.Configuration.InjectsPodsOf(workload.Kind)
            && workload is { NamespaceMetadata: null, BeingDeleted: false, IsMirrorPod: false })
        {
            return new(OutcomeCode.DeniedNamespaceUnknown, $"{workload.DisplayName}: namespace "
                + $"'{workload.Namespace}' is not known yet, and the configuration reads "
                + "its labels and annotations: try again in a few seconds");
        }

        return old is null ? injector.Inject(workload) : injector.Update(workload, old);
    }
}
