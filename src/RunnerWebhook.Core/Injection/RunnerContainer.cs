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
    public static Container? Find(Workload workload, RecordedPieces recorded, out InjectionOutcome? refusal)
    {
        refusal = null;
        // A container that was injected is none of the candidates.
        var containers = workload.Template.Containers.RemoveAll(container =>
            recorded.Holds(PieceAddress.Container(container.Name)));
        if (containers.IsEmpty)
        {
            refusal = new(OutcomeCode.DeniedNoContainers, $"{workload.DisplayName}: "
                + $"{SpecPath(workload)}.containers is empty or missing: declare a container named gitlab-runner");
            return null;
        }

        if (Named(WellKnown.RunnerContainer) is { } known)
        {
            return known;
        }

        var wanted = workload.Template.Annotations.GetValueOrDefault(WellKnown.ContainerAnnotation)
            ?? workload.Annotations.GetValueOrDefault(WellKnown.ContainerAnnotation);
        var names = string.Join(", ", containers.Select(container => container.Name));
        if (wanted is not null)
        {
            refusal = Named(wanted) is null
                ? new(OutcomeCode.DeniedUnknownContainer, $"{workload.DisplayName}: annotation "
                    + $"{WellKnown.ContainerAnnotation} names '{wanted}', but the containers are: {names}")
                : null;
            return Named(wanted);
        }

        var chosen = Named(recorded.Status?.Container) ?? (containers.Length == 1 ? containers[0] : null);
        refusal = chosen is not null ? null : new(OutcomeCode.DeniedAmbiguousContainer,
            $"{workload.DisplayName}: none of the containers ({names}) is named {WellKnown.RunnerContainer}: rename the "
            + $"runner's container, or name it in the annotation {WellKnown.ContainerAnnotation}");
        return chosen;

        Container? Named(string? name) => name is null ? null : containers.FirstOrDefault(c => c.Name == name);
    }

    private static string SpecPath(Workload workload) => FieldPath.Of(workload.Kind.TemplatePath.Append("spec"));
}
