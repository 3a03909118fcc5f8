using System.Collections.Frozen;

namespace RunnerWebhook.Core.Outcomes;

/// <summary>The machine codes of <see cref="OutcomeCode"/>. Dashboards, alerts and audit policies compare them: a code
/// that is written here never changes.</summary>
public static class OutcomeCodes
{
    private static readonly FrozenDictionary<OutcomeCode, (string Text, bool IsDenied)> Table =
        new Dictionary<OutcomeCode, (string, bool)>
        {
            [OutcomeCode.Injected] = ("injected", false),
            [OutcomeCode.AlreadyInjected] = ("already-injected", false),
            [OutcomeCode.Completed] = ("completed", false),
            [OutcomeCode.Removed] = ("removed", false),
            [OutcomeCode.LeftAloneNotLabelled] = ("left-alone-not-labelled", false),
            [OutcomeCode.LeftAloneBeingDeleted] = ("left-alone-being-deleted", false),
            [OutcomeCode.LeftAloneRegistersByHand] = ("left-alone-registers-by-hand", false),
            [OutcomeCode.LeftAloneMirrorPod] = ("left-alone-mirror-pod", false),
            [OutcomeCode.LeftAloneForItsPods] = ("left-alone-for-its-pods", false),
            [OutcomeCode.LeftAloneUnsupportedKind] = ("left-alone-unsupported-kind", false),
            [OutcomeCode.LeftAloneUnsupportedOperation] = ("left-alone-unsupported-operation", false),
            [OutcomeCode.DeniedMalformed] = ("denied-malformed", true),
            [OutcomeCode.DeniedWindows] = ("denied-windows", true),
            [OutcomeCode.DeniedNoContainers] = ("denied-no-containers", true),
            [OutcomeCode.DeniedAmbiguousContainer] = ("denied-ambiguous-container", true),
            [OutcomeCode.DeniedUnknownContainer] = ("denied-unknown-container", true),
            [OutcomeCode.DeniedContainerConflict] = ("denied-container-conflict", true),
            [OutcomeCode.DeniedVolumeConflict] = ("denied-volume-conflict", true),
            [OutcomeCode.DeniedMountConflict] = ("denied-mount-conflict", true),
            [OutcomeCode.DeniedFieldConflict] = ("denied-field-conflict", true),
            [OutcomeCode.DeniedConfigElsewhere] = ("denied-config-elsewhere", true),
            [OutcomeCode.DeniedSettingMissing] = ("denied-setting-missing", true),
            [OutcomeCode.DeniedSettingInvalid] = ("denied-setting-invalid", true),
            [OutcomeCode.DeniedNoRule] = ("denied-no-rule", true),
            [OutcomeCode.DeniedByPolicy] = ("denied-by-policy", true),
            [OutcomeCode.DeniedNamespaceUnknown] = ("denied-namespace-unknown", true),
        }.ToFrozenDictionary();

    /// <summary>The code in lower case with hyphens, as in <c>already-injected</c>.</summary>
    public static string Text(this OutcomeCode code) => Table[code].Text;

    /// <summary>Whether the object is refused.</summary>
    public static bool IsDenied(this OutcomeCode code) => Table[code].IsDenied;
}
