using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>What has become of the pieces that a pod template's record lists.</summary>
internal sealed record RecordedPieces
{
    /// <summary>The record; null if the template has none that this program wrote.</summary>
    public InjectionStatus? Status { get; private init; }

    /// <summary>The addresses of the pieces that are still as they were injected.</summary>
    public ImmutableArray<PieceAddress> Intact { get; private init; } = [];

    /// <summary>The pieces that were changed since, by address, with the digest of the injected one.</summary>
    public ImmutableSortedDictionary<PieceAddress, string> Changed { get; private init; } =
        ImmutableSortedDictionary<PieceAddress, string>.Empty;

    /// <summary>Whether every recorded piece is there, changed or not.</summary>
    public bool AllPresent { get; private init; }

    /// <summary>Whether the template's own annotation says all this: not if the record was dropped, or its container
    /// renamed.</summary>
    public bool IsWritten { get; private init; }

    /// <summary>Whether a piece of ours is there, changed or not.</summary>
    public bool Holds(PieceAddress address) => Intact.Contains(address) || Changed.ContainsKey(address);

    /// <summary>The same without pieces that are to stay.</summary>
    public RecordedPieces Without(ImmutableArray<PieceAddress> kept) => this with { Intact = Intact.RemoveAll(kept.Contains) };

    /// <summary>The same for another runner container: what the user has changed in an earlier one is the user's.</summary>
    public RecordedPieces For(Container runner) => this with
    {
        Changed = Changed.RemoveRange(Changed.Keys.Where(
            address => address.ContainerName is { } owner && owner != runner.Name)),
    };

    /// <summary>Whether a registration that the record lists writes the file which the runner reads.</summary>
    /// <param name="template">The template.</param>
    /// <param name="runner">Its runner container.</param>
    public bool Registers(PodTemplate template, Container runner)
    {
        var folder = ConfigFile.Find(runner, WellKnown.RunnerDirectory, out _)?.MountPath;
        var provider = folder is null ? null : runner.MountOf(folder);
        return template.InitContainers.Any(init => Holds(PieceAddress.InitContainer(init.Name))
            && (folder is null ? HandRegistration.IsFor(template, init, runner)
                : HandRegistration.Registers(init, runner.Image) && init.Mounts.Any(mount => mount.Name == provider?.Name
                    && !mount.ReadOnly && template.VolumeNamed(mount.Name) is not null)));
    }

    /// <summary>Compares a template with its record.</summary>
    /// <param name="template">The template.</param>
    /// <param name="old">The template as it is stored. Its record counts if an update has dropped the annotation and left
    /// pieces.</param>
    public static RecordedPieces Of(PodTemplate template, PodTemplate? old = null)
    {
        if (InjectionStatus.Of(template) is { } own)
        {
            return Of(template, own);
        }

        var dropped = old is null ? null : InjectionStatus.Of(old);
        return dropped is not null && Of(template, dropped) is { Intact.IsEmpty: false } left
            ? left with { IsWritten = false }
            : new();
    }

    private static RecordedPieces Of(PodTemplate template, InjectionStatus status)
    {
        var isRenamed = status.Container is { } name && template.Containers.All(container => container.Name != name);
        return isRenamed && template.Containers
            .Where(container => !status.Pieces.ContainsKey(PieceAddress.Container(container.Name)))
            .Select(container => Compare(template, status.For(container.Name))).FirstOrDefault(HasWholeContainer) is { } renamed
                ? renamed with { IsWritten = false }
                : Compare(template, status);
    }

    // A container that only looks like the runner's lacks some of the pieces.
    private static bool HasWholeContainer(RecordedPieces recorded)
    {
        return recorded.Intact.Any(IsIn)
            && recorded.Status!.Pieces.Keys.Count(IsIn) == recorded.Intact.Count(IsIn) + recorded.Changed.Keys.Count(IsIn);

        bool IsIn(PieceAddress address) => address.ContainerName == recorded.Status!.Container;
    }

    private static RecordedPieces Compare(PodTemplate template, InjectionStatus status)
    {
        var intact = ImmutableArray.CreateBuilder<PieceAddress>();
        var changed = ImmutableSortedDictionary.CreateBuilder<PieceAddress, string>();
        foreach (var (address, digest) in status.Pieces)
        {
            if (address.Find(template.Json) is not { } found || IsUnset(address, found.Value))
            {
                continue;
            }

            var isSame = PieceDigest.IsOf(JsonText.ToNode(found.Value)!, status.Annotated, digest);
            if (isSame && PlausiblePiece.IsOne(template, status, address, found.Value))
            {
                intact.Add(address);
            }
            else if (!isSame && PlausiblePiece.MayHaveBeenOne(address, found.Value))
            {
                changed.Add(address, digest);
            }
        }

        // A number or a word that stands alone may as well be the user's own.
        if (intact.All(IsField))
        {
            intact.Clear();
        }

        return new()
        {
            Status = status,
            Intact = intact.ToImmutable(),
            Changed = changed.ToImmutable(),
            AllPresent = intact.Count + changed.Count == status.Pieces.Count,
            IsWritten = true,
        };
    }

    private static bool IsField(PieceAddress address) =>
        address.Kind is PieceKind.GracePeriod or PieceKind.HostUsers or PieceKind.RuntimeClass;

    // A grace period that was dropped comes back as the API server's default.
    private static bool IsUnset(PieceAddress address, JsonElement value) => address.Kind == PieceKind.GracePeriod
        && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var seconds)
        && seconds == InjectionPlanner.DefaultGracePeriodSeconds;
}
