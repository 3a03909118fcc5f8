using System.Security.Cryptography;
using RunnerWebhook.Certificates;

namespace RunnerWebhook.Cli;

/// <summary>A folder with <c>ca.crt</c>, <c>ca.key</c>, <c>tls.crt</c> and <c>tls.key</c>.</summary>
internal sealed class CertificateFolder(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static readonly string[] Names = ["ca.crt", "ca.key", "tls.crt", "tls.key"];

    /// <summary>The files that exist.</summary>
    public string[] Existing => [.. Names.Select(PathOf).Where(File.Exists)];

    /// <summary>The authority in the folder.</summary>
    /// <param name="now">The time at which it is to issue a certificate.</param>
    /// <exception cref="IOException">Its files can't be read, or hold no authority that can issue one.</exception>
    public CertificateAuthority ReadAuthority(DateTimeOffset now)
    {
        var files = $"{PathOf("ca.crt")}, {PathOf("ca.key")}";
        CertificateAuthority authority;
        try
        {
            authority = CertificateAuthority.Load(
                new(InputFile.ReadText(PathOf("ca.crt")), InputFile.ReadText(PathOf("ca.key"))));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new IOException($"{files}: {e.Message}", e);
        }

        if (authority.Problem(now) is not { } problem)
        {
            return authority;
        }

        authority.Dispose();
        throw new IOException($"{files}: {problem}: make a new CA with --force instead of --renew");
    }

    /// <summary>Writes all files; private keys can be read by their owner only.</summary>
    public void Write(KeyPair authority, KeyPair serving)
    {
        Directory.CreateDirectory(path);
        Write("ca.key", authority.KeyPem, OwnerOnly);
        Write("ca.crt", authority.CertificatePem, Everybody);
        Write("tls.key", serving.KeyPem, OwnerOnly);
        Write("tls.crt", serving.CertificatePem, Everybody);
    }

    // Writing into an existing file would keep its mode, so it is replaced.
    private void Write(string name, string content, UnixFileMode mode)
    {
        var next = PathOf(name + ".new");
        File.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using (var writer = new StreamWriter(next, options))
        {
            writer.Write(content);
        }

        File.Move(next, PathOf(name), overwrite: true);
    }

    private string PathOf(string name) => Path.Combine(path, name);
}
