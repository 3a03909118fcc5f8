namespace RunnerWebhook.Yaml;

/// <summary>What a scalar can mean.</summary>
internal enum ScalarKind
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>Null.</summary>
    Null,

    /// <summary>True.</summary>
    True,

    /// <summary>False.</summary>
    False,

    /// <summary>A number without fraction and exponent.</summary>
    Integer,

    /// <summary>Any other number.</summary>
    Float,

    /// <summary>The merge key.</summary>
    Merge,

    /// <summary>Infinite or not a number.</summary>
    NotFinite,

    /// <summary>The text does not fit its tag.</summary>
    Misfit,
}
