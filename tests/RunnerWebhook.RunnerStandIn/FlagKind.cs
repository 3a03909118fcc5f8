namespace RunnerWebhook.RunnerStandIn;

/// <summary>What a flag takes.</summary>
internal enum FlagKind
{
    Text,
    Boolean,
    Number,
    Duration,

    /// <summary>Repeated; each value is one element, commas and all.</summary>
    List,

    /// <summary>Repeated up to 19.1, as <see cref="List"/>; from 19.2 on each value is split at commas, and the last one wins.</summary>
    Policies,

    /// <summary>Repeated, each as <c>KEY:VALUE</c>; without a colon the value is empty.</summary>
    TextMap,

    /// <summary>The same, with booleans.</summary>
    BooleanMap,

    /// <summary>The same; each value makes a list of one element, and takes the place of an earlier one.</summary>
    ListMap,

    /// <summary>Takes anything and keeps nothing.</summary>
    Structure,
}
