namespace RunnerWebhook.Core.Json;

/// <summary>The operations of RFC 6902 that this program makes.</summary>
public enum PatchOp
{
    /// <summary>RFC 6902, section 4.1.</summary>
    Add,

    /// <summary>RFC 6902, section 4.3.</summary>
    Replace,

    /// <summary>RFC 6902, section 4.2.</summary>
    Remove,
}
