namespace RunnerWebhook.Certificates;

/// <summary>What is to be done about the certificates.</summary>
internal enum CertificateAction
{
    /// <summary>Nothing.</summary>
    Keep,

    /// <summary>Make a new CA and a serving certificate of it; what was trusted stays trusted.</summary>
    NewAuthority,

    /// <summary>Issue a new serving certificate.</summary>
    NewServing,

    /// <summary>Trust the newest CA alone.</summary>
    DropOldAuthorities,
}
