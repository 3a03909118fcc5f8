namespace RunnerWebhook.Core.Outcomes;

/// <summary>
/// Everything that can come of one object: a closed set. Each has a machine code (see <see cref="OutcomeCodes"/>) that
/// is the same in the log, the metric's label, the audit annotation and the command line.
/// </summary>
public enum OutcomeCode
{
    /// <summary>Pieces were added, or rendered anew because the user's part changed.</summary>
    Injected,

    /// <summary>Everything is there already: no patch.</summary>
    AlreadyInjected,

    /// <summary>Some of the recorded pieces were missing and were put back.</summary>
    Completed,

    /// <summary>The label is gone and the recorded pieces with it.</summary>
    Removed,

    /// <summary>The object doesn't ask for a runner.</summary>
    LeftAloneNotLabelled,

    /// <summary>The object is being deleted.</summary>
    LeftAloneBeingDeleted,

    /// <summary>The manifest registers a runner by hand: it is the user's, and complete.</summary>
    LeftAloneRegistersByHand,

    /// <summary>The mirror of a static pod, which can't be changed.</summary>
    LeftAloneMirrorPod,

    /// <summary>A DaemonSet that is stored as it was applied, because its pods are injected.</summary>
    LeftAloneForItsPods,

    /// <summary>A kind that the webhook doesn't inject.</summary>
    LeftAloneUnsupportedKind,

    /// <summary>An operation or subresource on which nothing may be injected.</summary>
    LeftAloneUnsupportedOperation,

    /// <summary>A field has not the shape that Kubernetes gives it.</summary>
    DeniedMalformed,

    /// <summary>The pod is for Windows nodes.</summary>
    DeniedWindows,

    /// <summary>There is no container at all.</summary>
    DeniedNoContainers,

    /// <summary>It is ambiguous which container is the runner.</summary>
    DeniedAmbiguousContainer,

    /// <summary>The annotation names a container that isn't there.</summary>
    DeniedUnknownContainer,

    /// <summary>An init container of the user's has the name of ours.</summary>
    DeniedContainerConflict,

    /// <summary>A volume of the user's has our name and another source.</summary>
    DeniedVolumeConflict,

    /// <summary>A mount of the user's has the path of ours.</summary>
    DeniedMountConflict,

    /// <summary>A field of the user's own has a value that the settings can't work with.</summary>
    DeniedFieldConflict,

    /// <summary>The runner reads its configuration where no registration can write.</summary>
    DeniedConfigElsewhere,

    /// <summary>A setting that registration can't do without is missing.</summary>
    DeniedSettingMissing,

    /// <summary>An annotation names no setting, or has a value that the setting doesn't take.</summary>
    DeniedSettingInvalid,

    /// <summary>The policy has no rule for the namespace.</summary>
    DeniedNoRule,

    /// <summary>The namespace's rule doesn't allow a setting, or requires one that is missing.</summary>
    DeniedByPolicy,

    /// <summary>Namespaces are watched, and nothing has been heard of this one yet: a later try will succeed.</summary>
    DeniedNamespaceUnknown,
}
