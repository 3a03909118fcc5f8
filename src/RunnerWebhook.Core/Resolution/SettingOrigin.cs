namespace RunnerWebhook.Core.Resolution;

/// <summary>Where a value comes from.</summary>
/// <param name="Layer">Who set it.</param>
/// <param name="Place">Where exactly, for people, as in <c>policy[0] (line 12)</c>; empty for a built-in value.</param>
public sealed record SettingOrigin(SettingLayer Layer, string Place)
{
    /// <summary>The origin of every value that is not set.</summary>
    public static SettingOrigin BuiltIn { get; } = new(SettingLayer.BuiltIn, "");

    /// <summary>Layer and place in words.</summary>
    public override string ToString() => Layer switch
    {
        SettingLayer.BuiltIn => "built-in",
        SettingLayer.Namespace => $"{Place} of the namespace",
        SettingLayer.Workload => $"{Place} of the workload",
        SettingLayer.PodTemplate => $"{Place} of the pod template",
        _ => Place,
    };
}
