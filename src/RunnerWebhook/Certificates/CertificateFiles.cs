namespace RunnerWebhook.Certificates;

/// <summary>Offers the pair in the certificate's files. They may appear late, and change.</summary>
internal sealed class CertificateFiles(CertificateOptions options, ServingCertificate certificate)
{
    /// <summary>Reads the files and offers their content. Kubelet swaps a symbolic link above both files, so their
    /// modification times say nothing. Without files and without self-managed certificates, a throw-away one is served.</summary>
    public void Refresh()
    {
        if (options.CertificateFile is not { } file)
        {
            if (options.SelfManaged is null && certificate.Current is null)
            {
                certificate.ServeThrowAway();
            }

            return;
        }

        try
        {
            certificate.Offer(
                new(InputFile.ReadTextNow(file), InputFile.ReadTextNow(options.KeyFile!)), $"{file}, {options.KeyFile}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            certificate.Reject($"{file}, {options.KeyFile}: {e.Message}");
            certificate.Choose();
        }
    }
}
