using System.Security.Cryptography;

namespace RunnerWebhook.Serve;

/// <summary>Takes the certificate into service from files, as they are or will be: they may come late, and change.</summary>
internal sealed class CertificateFiles(ServeOptions options, ServingCertificate certificate)
{
    /// <summary>Looks at the files' content and takes it into service where it is new. Kubelet swaps a symbolic link
    /// above both files, so their own times say nothing.</summary>
    public void Refresh()
    {
        if (options.CertificateFile is null)
        {
            return;
        }

        try
        {
            certificate.Serve(new(File.ReadAllText(options.CertificateFile), File.ReadAllText(options.KeyFile!)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException
            or ArgumentException)
        {
            certificate.Reject($"{options.CertificateFile}, {options.KeyFile}: {e.Message}");
        }
    }
}
