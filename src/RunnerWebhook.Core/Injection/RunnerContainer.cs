using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>Finds the container that runs gitlab-runner.</summary>
internal static class RunnerContainer
{
    /// <summary>
    /// The container named <c>gitlab-runner</c>; else the one that the annotation names; else the one that an earlier
    /// injection chose; else the only one.
    /// </summary>
    /// <param name="workload">The object.</param>
    /// <param name="recorded">What its record lists.</param>
    /// <param name="problem">Why there is none; null if there is one.</param>
    public static Container? Find(Workload workload, RecordedPieces recorded, out Problem? problem)
    {
        problem = null;
        // An injected container is no candidate.
        var containers = workload.Template.Containers.RemoveAll(container =>
            recorded.Holds(PieceAddress.Container(container.Name)));
        if (containers.IsEmpty)
        {
            problem = new(OutcomeCode.DeniedNoContainers,
                $"{SpecPath(workload)}.containers is empty or missing: declare a container named gitlab-runner");
            return null;
        }

        if (Named(WellKnown.RunnerContainer) is { } known)
        {
            return known;
        }

        if (workload.Template.InitContainers.Any(init => init.Name == WellKnown.RunnerContainer
            && init.Json.Text("restartPolicy") == "Always"))
        {
            problem = new(OutcomeCode.DeniedUnknownContainer, $"{WellKnown.RunnerContainer} is a native sidecar, but the runner "
                + $"is registered by an init container before it starts: move it to {SpecPath(workload)}.containers");
            return null;
        }

        var wanted = Annotated(workload.Template, workload);
        var names = string.Join(", ", containers.Select(container => container.Name));
        if (wanted is not null)
        {
            problem = Named(wanted) is null
                ? new(OutcomeCode.DeniedUnknownContainer,
                    $"annotation {WellKnown.ContainerAnnotation} names '{wanted}', but the containers are: {names}")
                : null;
            return Named(wanted);
        }

        var chosen = Named(recorded.Status?.Container) ?? (containers.Length == 1 ? containers[0] : null);
        problem = chosen is not null ? null : new(OutcomeCode.DeniedAmbiguousContainer,
            $"none of the containers ({names}) is named {WellKnown.RunnerContainer}: rename the runner's container, or name it "
            + $"in the annotation {WellKnown.ContainerAnnotation}");
        return chosen;

        Container? Named(string? name) => name is null ? null : containers.FirstOrDefault(c => c.Name == name);
    }

    /// <summary>The name that the annotation of the pod template, or else of the workload, gives; null if neither does.</summary>
    public static string? Annotated(PodTemplate template, Workload workload) =>
        template.Annotations.GetValueOrDefault(WellKnown.ContainerAnnotation)
        ?? workload.Annotations.GetValueOrDefault(WellKnown.ContainerAnnotation);

    private static string SpecPath(Workload workload) => FieldPath.Of(workload.Kind.TemplatePath.Append("spec"));
}
