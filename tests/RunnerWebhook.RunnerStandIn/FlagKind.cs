namespace RunnerWebhook.RunnerStandIn;

/// <summary>What a flag takes.</summary>
internal enum FlagKind
{
    Text,
    Boolean,
    Number,
    List,
}
